"""Texts from outside made safe to keep and to print: one bounded line, no character that a file can't hold."""

from playwright.async_api import Error

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


def one_line(text: str) -> str:
    """The text without line breaks and control characters, of at most 300 characters."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= _LONGEST_LINE else plain[: _LONGEST_LINE - 1] + "…"


def plain(text: str) -> str:
    """The text with U+FFFD for what no page can hold and no pipe can carry: NUL and lone surrogates."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def describe_error(error: Error) -> str:
    """One line that says why Playwright could not act: its message without the call log, and the log's cause."""
    head, _, log = error.message.partition("\nCall log:")
    cause = next((cause for cause in _CAUSES if cause in log), None)
    head = head.partition("Error: ")[2] or head
    return one_line(f"{head} ({cause})" if cause else head)
