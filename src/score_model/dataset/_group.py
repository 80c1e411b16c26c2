"""Groups and splits: near-copies of a task stay on one side (docs/architecture.md, "Group and split")."""

from functools import lru_cache
from hashlib import blake2b

import msgspec

from score_model.dataset._mask import mask_intent


class Group(msgspec.Struct, frozen=True, gc=False):
    """A task's group: 16 hexadecimal digits, the split that follows from it, and a digest of the masked intent."""

    id: str
    split: str
    masked_intent: bytes


def digest(*parts: str | bytes, size: int) -> bytes:
    """A stable digest of `size` bytes of the parts; parts can't run into one another."""
    whole = blake2b(digest_size=size)
    for part in parts:
        encoded = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        whole.update(b"%d:" % len(encoded))
        whole.update(encoded)
    return whole.digest()


@lru_cache(maxsize=32768)
def group_of(website: str | None, use_case: str | None, intent: str | None) -> Group:
    """The group of website + use case + masked intent; a stable hash of it gives train 80 %, val 10 %, test 10 %."""
    masked = mask_intent(intent or "")
    group = digest((website or "").casefold(), (use_case or "").casefold(), masked, size=8).hex()
    return Group(group, split_of(group), digest(masked, size=8))


def split_of(group: str) -> str:
    """The split of a group; it depends on nothing else, so it does not move when the dataset grows."""
    share = int.from_bytes(digest("split", group, size=8), "big") % 100
    if share < 80:
        return "train"
    return "val" if share < 90 else "test"
