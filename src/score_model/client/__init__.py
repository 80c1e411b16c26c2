"""HTTP: one session with credentials, retries, rate and redaction; pagination dialects; the leaderboard's client and
the production task API's."""

from score_model.client._bodies import recognise_image
from score_model.client._leaderboard import LARGEST_LIMIT, LeaderboardClient, leaderboard_endpoint
from score_model.client._list_answer import ListPage, PageRequest, decode_list
from score_model.client._pagination import (
    CursorPages,
    Dialect,
    LinkHeaderPages,
    NextLinkPages,
    NumberedPages,
    PageTrail,
    detect_dialect,
    fetch_page,
    read_list,
)
from score_model.client._production import VERDICTS, PollPolicy, ProductionClient
from score_model.client._received import Received
from score_model.client._redaction import redact
from score_model.client._retry import AttemptFailedError, RetryPolicy, retry
from score_model.client._session import Answer, ApiSession
from score_model.client._settings import ClientSettings, Secret
from score_model.client._transport import Transport

__all__ = [
    "LARGEST_LIMIT",
    "VERDICTS",
    "Answer",
    "ApiSession",
    "AttemptFailedError",
    "ClientSettings",
    "CursorPages",
    "Dialect",
    "LeaderboardClient",
    "LinkHeaderPages",
    "ListPage",
    "NextLinkPages",
    "NumberedPages",
    "PageRequest",
    "PageTrail",
    "PollPolicy",
    "ProductionClient",
    "Received",
    "RetryPolicy",
    "Secret",
    "Transport",
    "decode_list",
    "detect_dialect",
    "fetch_page",
    "leaderboard_endpoint",
    "read_list",
    "recognise_image",
    "redact",
    "retry",
]
