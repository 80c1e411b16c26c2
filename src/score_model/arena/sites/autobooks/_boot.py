"""What a page needs before it can draw anything: the layout spelled out, the shop's constants, and the member."""

from typing import Any

from score_model.arena.sites import LABELS, Layout, SiteEvent, Visit
from score_model.arena.sites.autobooks._pages import MEMBERS_ONLY
from score_model.arena.sites.autobooks._words import WORDS

LOOKS: dict[str, tuple[str, ...]] = {
    "palette": ("parchment", "ivy", "harbour", "plum", "rosewood", "midnight"),
    "type": ("oldstyle", "modern", "newspaper"),
    "header": ("bar", "masthead", "rail"),
    "hero": ("shelf", "table", "window"),
    "cards": ("covers", "shelf", "list"),
    "filter": ("sidebar", "above", "below"),
    "form": ("stacked", "columns", "beside"),
}
_NOT_HERE = ("item.cast", "item.director", "item.duration")  # the film site's fields


def boot_data(visit: Visit) -> dict[str, Any]:
    """The boot record: ids and labels of every logical element, the layout's choices, genres, fields and the member."""
    layout, spec = visit.layout, visit.spec
    elements = [name for name in LABELS if name not in _NOT_HERE]
    return {
        "title": spec.title,
        "seed": layout.seed,
        "elements": {name: {"id": layout.element_id(name), "label": layout.label(name)} for name in elements},
        "look": look_of(layout),
        "words": {name: layout.choice(f"words {name}", options) for name, options in WORDS.items()},
        "paths": spec.paths,
        "members_only": sorted(MEMBERS_ONLY),
        "genres": [{"id": spec.genre_id(name), "name": name} for name in spec.genres],
        "fields": [{"name": field.name, "kind": field.kind, "required": field.required} for field in spec.fields],
        "member": member_data(visit),
    }


def look_of(layout: Layout) -> dict[str, str]:
    """Which variant of each part of the design a seed shows."""
    return {part: layout.choice(f"look {part}", options) for part, options in LOOKS.items()}


def member_data(visit: Visit) -> dict[str, Any] | None:
    """Who is signed in, and how many books are in their cart."""
    if visit.username is None:
        return None
    shown = {item.id for item in visit.items()}
    cart = visit.world.carts.get(visit.username, [])
    return {"username": visit.username, "cart": sum(item_id in shown for item_id in cart)}


def event_data(event: SiteEvent | None, now: str) -> dict[str, Any] | None:
    """An event as the page posts it back: the `data` of a row of the central service (export contract, section 5)."""
    if event is None:
        return None
    return {"event_name": event.name, "data": event.data, "user_id": event.user_id, "timestamp": now}
