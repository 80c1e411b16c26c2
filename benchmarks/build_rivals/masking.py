"""Group and split as an ordinary script would do them: a few regexes and hashlib, with the masks remembered."""

import hashlib
import re
from functools import cache

QUOTED = re.compile(r"(?<!\w)'(?:[^']|'(?=\w))*'(?!\w)|\"[^\"]*\"")
PLACEHOLDER = re.compile(r"\w*<\w+>\S*")
ADDRESS = re.compile(r"https?://\S+|[\w.+-]+@[\w-]+\.\w+")
NAME = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][a-z]\w*(?: [A-Z][a-z]\w*)*")
NUMBER = re.compile(r"[$€£]?\d[\w.,:/-]*")
SPACES = re.compile(r"\s+")


@cache
def mask(intent: str) -> str:
    """The intent with its values replaced."""
    masked = QUOTED.sub("§", intent)
    masked = ADDRESS.sub("§", masked)
    masked = PLACEHOLDER.sub("§", masked)
    masked = NAME.sub("§", masked)
    masked = NUMBER.sub("§", masked)
    return SPACES.sub(" ", masked).strip().casefold()


def group_and_split(website: str | None, use_case: str | None, intent: str | None) -> tuple[str, str]:
    """Group id and split of one row."""
    key = "\x1f".join((website or "", use_case or "", mask(intent or "")))
    group = hashlib.blake2b(key.encode(), digest_size=8).hexdigest()
    share = int(hashlib.blake2b(group.encode(), digest_size=8).hexdigest(), 16) % 100
    return group, "train" if share < 80 else "val" if share < 90 else "test"
