"""The demo websites: what they share. Each site's pages are in a room of its own."""

from score_model.arena.sites.layout import Layout
from score_model.arena.sites.registry import SITES, all_sites, find_site
from score_model.arena.sites.request import SiteBackend, Visit, catalog_of
from score_model.arena.sites.spec import SiteSpec
from score_model.arena.sites.state import Item
from score_model.arena.sites.store import SiteStore, open_sites

__all__ = [
    "SITES",
    "Item",
    "Layout",
    "SiteBackend",
    "SiteSpec",
    "SiteStore",
    "Visit",
    "all_sites",
    "catalog_of",
    "find_site",
    "open_sites",
]
