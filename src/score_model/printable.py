"""Texts from outside, made fit to be printed and to be kept."""

_LONGEST_LINE = 300
_LOOKED_AT = 20 * _LONGEST_LINE


def one_line(text: str) -> str:
    """Return a text as one printable line of at most 300 characters; of a text beyond 6,000 the rest is not read."""
    line = " ".join(make_printable(text[:_LOOKED_AT], " ").split())
    return line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE - 1] + "…"


def make_printable(text: str, mark: str = "\ufffd") -> str:
    """Return the text with `mark` for control characters, line breaks and halves of surrogate pairs."""
    return text if text.isprintable() else "".join(c if c.isprintable() else mark for c in text)


def whole_characters(text: str) -> str:
    """Return the text with U+FFFD for halves of surrogate pairs, which JSON can hold and UTF-8 can't."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
