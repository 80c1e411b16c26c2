"""What an action comes to: done or failed, in one bounded line."""

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Error, Locator

_LONGEST_LINE = 300
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


def one_line(text: str) -> str:
    """The text without line breaks and control characters, of at most 300 characters."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= _LONGEST_LINE else plain[: _LONGEST_LINE - 1] + "…"


def reason(error: Error) -> str:
    """One line that says why Playwright could not act: its message without the call log, and the log's cause."""
    head, _, log = error.message.partition("\nCall log:")
    cause = next((cause for cause in _CAUSES if cause in log), None)
    head = head.partition("Error: ")[2] or head
    return one_line(f"{head} ({cause})" if cause else head)


def plain(text: str) -> str:
    """The text with U+FFFD for what no page can hold and no pipe can carry: NUL and lone surrogates."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")
