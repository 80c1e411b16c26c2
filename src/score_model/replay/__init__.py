"""Replay: recorded solutions, done again in a real browser that reaches nothing but the given sites.

Needs the extra `replay`; raises MissingExtraError where it is not installed.
"""

from score_model.extras import missing_extra

try:
    import playwright as _playwright  # noqa: F401 - only whether it is there
except ModuleNotFoundError as error:
    raise missing_extra(error, "replay", "replay") from None

from score_model.replay._actions.perform import perform
from score_model.replay._actions.result import ActionResult
from score_model.replay._agreement import Agreement, ReplayedRow, count_agreement, format_agreement
from score_model.replay._browser.fence import Refusal
from score_model.replay._browser.idle import IdleResult
from score_model.replay._browser.pool import BrowserPool, find_browser
from score_model.replay._browser.session import BrowserEnvironment, Session
from score_model.replay._expected_events import ExpectedEvents, format_expected_events
from score_model.replay._identity import ReplayIdentity
from score_model.replay._job import ReplayJob
from score_model.replay._outcome import ReplayFailure, ReplayOutcome, read_outcome
from score_model.replay._replayer import Replayer
from score_model.replay._runner import Destination, ReplaySummary, replay_all
from score_model.replay._selection import select
from score_model.replay._settings import ReplaySettings
from score_model.replay._sites.events import EventSource, RecordedEvents
from score_model.replay._sites.site import Site
from score_model.replay._sites.site_map import SiteMap

__all__ = [
    "ActionResult",
    "Agreement",
    "BrowserEnvironment",
    "BrowserPool",
    "Destination",
    "EventSource",
    "ExpectedEvents",
    "IdleResult",
    "RecordedEvents",
    "Refusal",
    "ReplayFailure",
    "ReplayIdentity",
    "ReplayJob",
    "ReplayOutcome",
    "ReplaySettings",
    "ReplaySummary",
    "ReplayedRow",
    "Replayer",
    "Session",
    "Site",
    "SiteMap",
    "count_agreement",
    "find_browser",
    "format_agreement",
    "format_expected_events",
    "perform",
    "read_outcome",
    "replay_all",
    "select",
]
