"""Texts without what tells who acted: for models of words.

Every pattern begins with a character that it needs and looks back from there: a search for one that begins with a
condition stops at every character of a text, which costs several times as much.
"""

import re

_SEED = re.compile(r"seed=(?<!\wseed=)\d+")
_ACCOUNT = re.compile(
    r"([NUAMVRnuamvr](?<!\w.)"
    r"(?i:(?<=n)ewuser|(?<=u)ser|(?<=a)gent|(?<=m)iner|(?<=v)alidator|(?<=r)eplay))[-_ ]?(?i:[0-9a-f]{12,}|\d+)"
)
_HEX = "[0-9a-fA-F]"
_OPAQUE = re.compile(rf"{_HEX}(?<![^\W_].)(?:{_HEX}{{7}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}|{_HEX}{{11,}}+)(?!\w)")


def masked(text: str) -> str:
    """The text with `#` for numbers of accounts (`user80`), opaque ids and the seed."""
    text = _ACCOUNT.sub(r"\1#", _SEED.sub("seed=#", text))
    return _OPAQUE.sub("#", text)


def whole_characters(text: str) -> str:
    """The text with U+FFFD for halves of surrogate pairs, which JSON can hold and UTF-8 can't."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
