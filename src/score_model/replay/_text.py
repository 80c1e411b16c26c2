"""Texts from outside made safe to keep and to print: one bounded line, no character that a file can't hold."""

_LONGEST_LINE = 300


def one_line(text: str) -> str:
    """The text without line breaks and control characters, of at most 300 characters."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= _LONGEST_LINE else plain[: _LONGEST_LINE - 1] + "…"


def plain(text: str) -> str:
    """The text with U+FFFD for what no page can hold and no pipe can carry: NUL and lone surrogates."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")
