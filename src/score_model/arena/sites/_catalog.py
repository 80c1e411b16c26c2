"""The items that a site offers at a seed."""

from functools import lru_cache
from importlib.resources import files

import msgspec

from score_model.arena.sites._layout import Layout
from score_model.arena.sites._spec import SITES
from score_model.arena.sites._world import Item

_FEWEST, _MOST = 36, 44  # items on show at one seed, of the catalog's 52
_CREATED_AT = "2026-01-01T00:00:00+00:00"


@lru_cache(maxsize=1024)
def catalog_of(layout: Layout) -> tuple[Item, ...]:
    """The items on show, in the layout's order; shared: copy before changing one."""
    count = layout.choice("how many items", range(_FEWEST, _MOST + 1))
    return tuple(layout.shuffled("items", _all_items(layout.site), count))


@lru_cache
def _all_items(site: str) -> tuple[Item, ...]:
    raw = msgspec.json.decode(files("score_model.arena.sites").joinpath(site, "catalog.json").read_bytes())
    names = SITES[site].field_names
    return tuple(
        Item(
            id=record["id"],
            fields={name: record[name] for name in names} | {"genres": sorted(record["genres"])},  # as forms order them
            created_at=_CREATED_AT,
            updated_at=_CREATED_AT,
        )
        for record in raw
    )
