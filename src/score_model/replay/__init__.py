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
from score_model.replay._agreement import Agreement, ReplayedRow, agreement_lines, agreement_of
from score_model.replay._browser.fence import Refusal
from score_model.replay._browser.idle import Rest
from score_model.replay._browser.pool import BrowserPool, find_browser
from score_model.replay._browser.session import Session, World
from score_model.replay._expected_events import ExpectedEvents, expected_events_lines
from score_model.replay._job import ReplayJob
from score_model.replay._outcome import ReplayFailure, ReplayOutcome, outcome_of
from score_model.replay._replayer import Replayer
from score_model.replay._runner import Destination, ReplaySummary, replay_all
from score_model.replay._selection import select
from score_model.replay._settings import ReplaySettings
from score_model.replay._sites.site import Site
from score_model.replay._sites.site_map import SiteMap

__all__ = [
    "ActionResult",
    "Agreement",
    "BrowserPool",
    "Destination",
    "ExpectedEvents",
    "Refusal",
    "ReplayFailure",
    "ReplayJob",
    "ReplayOutcome",
    "ReplaySettings",
    "ReplaySummary",
    "ReplayedRow",
    "Replayer",
    "Rest",
    "Session",
    "Site",
    "SiteMap",
    "World",
    "agreement_lines",
    "agreement_of",
    "expected_events_lines",
    "find_browser",
    "outcome_of",
    "perform",
    "replay_all",
    "select",
]
