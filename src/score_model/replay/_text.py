"""Texts of actions as pages can hold them, and Playwright's errors as one line."""

from playwright.async_api import Error

from score_model.printable import one_line, whole_characters

# Why Playwright could not act, as its call log words it, in the order in which one tells more than the next.
_CAUSES = (
    "intercepts pointer events",
    "element is outside of the viewport",
    "element is not enabled",
    "element is not editable",
    "element is not visible",
    "element is not stable",
)


def plain(text: str) -> str:
    """Return the text with U+FFFD for what no page can hold and no pipe can carry: NUL and lone surrogates."""
    return whole_characters(text).replace("\0", "\ufffd")


def describe_error(error: Error) -> str:
    """One line that says why Playwright could not act: its message without the call log, and the log's cause."""
    head, _, log = error.message.partition("\nCall log:")
    cause = next((cause for cause in _CAUSES if cause in log), None)
    head = head.partition("Error: ")[2] or head
    return one_line(f"{head} ({cause})" if cause else head)
