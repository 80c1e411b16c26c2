"""What a seed changes on a page: ids, labels, placement, and which items are there in which order.

Everything follows from the site's name and the seed (export contract, section 5: `?seed=N`, 1 to 300), so that a page
and an agent that knows the site agree without talking to each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from random import Random
from typing import TypeVar

from score_model.arena.sites._labels import LABELS

T = TypeVar("T")

FIRST_SEED, LAST_SEED = 1, 300
DEFAULT_SEED = 1
_ID_STYLES = (
    "{page}-{part}",
    "id_{part}_{page}",
    "{part}-{page}-field",
    "{page}{Part}",
    "f{number}-{part}",
    "{part}_{number}",
)


def seed_of(text: str | None) -> int | None:
    """The seed that a query's or a cookie's text names; None for anything but a whole number from 1 to 300."""
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > 3:
        return None
    seed = int(text)
    return seed if FIRST_SEED <= seed <= LAST_SEED else None


@dataclass(frozen=True)
class Layout:
    """One variant of one site."""

    site: str
    seed: int

    def element_id(self, name: str, item_id: int | None = None) -> str:
        """The DOM id of an element by its logical name (`login.username`); `item_id` tells equal ones apart."""
        page, part = name.split(".", 1)
        style = self.choice("id style", _ID_STYLES)
        made = style.format(
            page=page, part=part, Part=part.capitalize(), number=self._draw(f"id {name}") % 90000 + 10000
        )
        return made if item_id is None else f"{made}-{item_id}"

    def label(self, name: str) -> str:
        """The visible words of a button, link or field (its placeholder or caption) by its logical name."""
        return self.choice(f"label {name}", LABELS[name])

    def choice(self, purpose: str, options: Sequence[T]) -> T:
        """One of the options; another purpose draws anew."""
        return options[self._draw(purpose) % len(options)]

    def shuffled(self, purpose: str, items: Sequence[T], count: int | None = None) -> list[T]:
        """The first `count` (by default all) of the items in an order of this layout's own."""
        draw = Random(self._draw(purpose))  # noqa: S311 - a layout is no secret
        return draw.sample(items, len(items) if count is None else count)

    def _draw(self, purpose: str) -> int:
        digest = blake2b(f"{self.site}\n{self.seed}\n{purpose}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big")
