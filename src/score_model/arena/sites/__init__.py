"""The demo websites: what they share. Each site's pages are in a room of its own."""

from score_model.arena.sites._acts import (
    add_comment,
    add_item,
    add_to_cart,
    delete_item,
    edit_item,
    edit_profile,
    filter_items,
    log_in,
    log_out,
    purchase,
    register,
    search,
    send_message,
    view,
)
from score_model.arena.sites._catalog import catalog_of
from score_model.arena.sites._desk import Caller, Desk, identity_of
from score_model.arena.sites._forms import Form, clean, genre_named, text_of
from score_model.arena.sites._labels import LABELS
from score_model.arena.sites._layout import DEFAULT_SEED, FIRST_SEED, LAST_SEED, Layout, seed_of
from score_model.arena.sites._same_site import refuse_other_sites
from score_model.arena.sites._spec import AUTOBOOKS, AUTOCINEMA, MOST_TEXT, SITES, Field, SiteSpec
from score_model.arena.sites._store import MOST_IDENTITY, Identity, SiteStore, StoredEvent, open_sites
from score_model.arena.sites._visit import LOGIN_FIRST, Refusal, SiteEvent, Visit
from score_model.arena.sites._world import Item, User, World

__all__ = [
    "AUTOBOOKS",
    "AUTOCINEMA",
    "DEFAULT_SEED",
    "FIRST_SEED",
    "LABELS",
    "LAST_SEED",
    "LOGIN_FIRST",
    "MOST_IDENTITY",
    "MOST_TEXT",
    "SITES",
    "Caller",
    "Desk",
    "Field",
    "Form",
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
    "add_comment",
    "add_item",
    "add_to_cart",
    "catalog_of",
    "clean",
    "delete_item",
    "edit_item",
    "edit_profile",
    "filter_items",
    "genre_named",
    "identity_of",
    "log_in",
    "log_out",
    "open_sites",
    "purchase",
    "refuse_other_sites",
    "register",
    "search",
    "seed_of",
    "send_message",
    "text_of",
    "view",
]
