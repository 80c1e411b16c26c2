"""What an action comes to: done or failed, in one bounded line."""

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Error, Locator

from score_model.printable import one_line

# Why Playwright could not act, as its call log words it, in the order in which one tells more than the next.
_CAUSES = (
    "intercepts pointer events",
    "element is outside of the viewport",
    "element is not enabled",
    "element is not editable",
    "element is not visible",
    "element is not stable",
)


class ActionFailedError(Exception):
    """The action could not be done; the text is the one line that the trace keeps. Never leaves the room."""


@dataclass(frozen=True)
class ActionResult:
    """What came of one action.

    `error` is one line of at most 300 characters, None after a success. `target` is the element that was acted on, if
    one was found. `value` is what a reading action read (JSON-ready). `note` says how an action was done where that was
    not the plain way.
    """

    success: bool
    error: str | None = None
    target: Locator | None = None
    value: Any = None
    note: str | None = None


def reason(error: Error) -> str:
    """One line that says why Playwright could not act: its message without the call log, and the log's cause."""
    head, _, log = error.message.partition("\nCall log:")
    cause = next((cause for cause in _CAUSES if cause in log), None)
    head = head.partition("Error: ")[2] or head
    return one_line(f"{head} ({cause})" if cause else head)
