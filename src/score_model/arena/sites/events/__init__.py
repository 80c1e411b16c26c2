"""The two kinds of event service (export contract, section 5): one for all sites, and one per site."""

from score_model.arena.sites.events._central import EVENTS_PORT, central_app
from score_model.arena.sites.events._forwarder import EventForwarder
from score_model.arena.sites.events._payload import check_payload
from score_model.arena.sites.events._per_site import reset_route, site_event_routes

__all__ = ["EVENTS_PORT", "EventForwarder", "central_app", "check_payload", "reset_route", "site_event_routes"]
