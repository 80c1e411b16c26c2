"""The demo websites: what they share. Each site's pages are in a room of its own."""

from score_model.arena.sites._acts import Refusal, SiteEvent, Visit
from score_model.arena.sites._catalog import catalog_of
from score_model.arena.sites._desk import Caller, Desk, identity_of
from score_model.arena.sites._layout import DEFAULT_SEED, FIRST_SEED, LAST_SEED, Layout, seed_of
from score_model.arena.sites._spec import AUTOBOOKS, AUTOCINEMA, SITES, Field, SiteSpec
from score_model.arena.sites._store import MOST_IDENTITY, Identity, SiteStore, StoredEvent, open_sites
from score_model.arena.sites._world import Item, User, World

__all__ = [
    "AUTOBOOKS",
    "AUTOCINEMA",
    "DEFAULT_SEED",
    "FIRST_SEED",
    "LAST_SEED",
    "MOST_IDENTITY",
    "SITES",
    "Caller",
    "Desk",
    "Field",
    "Identity",
    "Item",
    "Layout",
    "Refusal",
    "SiteEvent",
    "SiteSpec",
    "SiteStore",
    "StoredEvent",
    "User",
    "Visit",
    "World",
    "catalog_of",
    "identity_of",
    "open_sites",
    "seed_of",
]
