"""Texts that models of words read: the words of URLs, each read once, and texts without what tells who acted."""

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

_LONGEST = 8_000  # characters of a URL that are parsed
_MOST_PARAMETERS = 100

# Every pattern begins with a character that it needs and looks back from there: a search for one that begins with a
# condition stops at every character of a text, which costs several times as much.
_SEED = re.compile(r"seed=(?<!\wseed=)\d+")
_ACCOUNT = re.compile(
    r"([NUAMVRnuamvr](?<!\w.)"
    r"(?i:(?<=n)ewuser|(?<=u)ser|(?<=a)gent|(?<=m)iner|(?<=v)alidator|(?<=r)eplay))[-_ ]?(?i:[0-9a-f]{12,}|\d+)"
)
_HEX = "[0-9a-fA-F]"
_OPAQUE = re.compile(rf"{_HEX}(?<![^\W_].)(?:{_HEX}{{7}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}|{_HEX}{{11,}}+)(?!\w)")


class Address(NamedTuple):
    """What a URL says.

    `origin` is scheme, host and port of an absolute URL, else None; `seed` the value of that name in its query (export
    contract, section 4: the seed rule), else None; `path` the decoded path and query, None if it can't be parsed;
    `words` its path as written, and `values` the other values of its query.
    """

    origin: str | None = None
    seed: str | None = None
    path: str | None = None
    words: str = ""
    values: tuple[str, ...] = ()


def address_of(url: str | None) -> Address:
    """The address of a URL, without white space around it."""
    return read_address((url or "").strip()[:_LONGEST])


def url_texts(url: str | None) -> tuple[str, ...]:
    """The decoded parts of a URL's path and the values of its query, but for the seed; none if it can't be parsed."""
    return read_texts((url or "")[:_LONGEST])


@lru_cache(maxsize=2048)
def read_address(url: str) -> Address:
    """The address of the URL as it is written. The answers of a site go to the same few addresses."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return Address()
    origin = f"{parts.scheme}://{parts.netloc}".lower() if parts.scheme and parts.netloc else None
    path = unquote(parts.path)
    if not parts.query:
        return Address(origin, None, path, parts.path)
    path = f"{path}?{unquote(parts.query)}"
    try:
        query = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return Address(origin, None, path)
    seed = next((value.strip().lstrip("0") for name, value in query if name == "seed"), None)
    values = tuple(value for name, value in query if name != "seed" and value)
    return Address(origin, seed, path, parts.path, values)


@lru_cache(maxsize=2048)
def read_texts(url: str) -> tuple[str, ...]:
    """The texts of the URL as it is written. A path is divided before it is decoded: a part of it can hold a slash."""
    address = read_address(url)
    parts = (unquote(part).replace("-", " ").replace("_", " ") for part in address.words.split("/") if part)
    return (*parts, *address.values)


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
