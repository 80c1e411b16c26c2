"""What an action comes to: done or failed, in one bounded line."""

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator


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
