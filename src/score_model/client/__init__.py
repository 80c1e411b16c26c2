"""HTTP: one session with credentials, retries, rate and redaction; pagination dialects; the leaderboard's client and
the production task API's."""

from score_model.client._leaderboard import LARGEST_LIMIT, LeaderboardClient, leaderboard_endpoint
from score_model.client._list_answer import ListPage, PageRequest
from score_model.client._pagination import (
    Dialect,
    NumberedPages,
    detect_dialect,
    follow_pages,
    read_list,
    says_more,
)
from score_model.client._production import PollPolicy, ProductionClient
from score_model.client._retry import AttemptFailedError, RetryPolicy, retry
from score_model.client._session import ApiSession
from score_model.client._settings import ClientSettings, Secret
from score_model.client._submission import recognise_image
from score_model.client._task_records import ReceivedRecord
from score_model.client._transport import Transport

__all__ = [
    "LARGEST_LIMIT",
    "ApiSession",
    "AttemptFailedError",
    "ClientSettings",
    "Dialect",
    "LeaderboardClient",
    "ListPage",
    "NumberedPages",
    "PageRequest",
    "PollPolicy",
    "ProductionClient",
    "ReceivedRecord",
    "RetryPolicy",
    "Secret",
    "Transport",
    "detect_dialect",
    "follow_pages",
    "leaderboard_endpoint",
    "read_list",
    "recognise_image",
    "retry",
    "says_more",
]
