"""A site's own event service and its reset hook, for the site to include (export contract, section 5)."""

import asyncio
from typing import Any

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.types import ControllerRouterHandler

from score_model.arena._refusals import JSON_REFUSALS
from score_model.arena.sites import SiteBackend
from score_model.arena.sites.events._central import central_source
from score_model.arena.sites.events._forwarder import EventForwarder
from score_model.arena.sites.request import identity_of
from score_model.arena.sites.store import Identity, StoredEvent
from score_model.contract import format_instant
from score_model.contract.urls import origins_of_host, read_origin
from score_model.web import json_answer


class _Recorded(msgspec.Struct, frozen=True):
    """An event as `SiteBackend.act_and_record` stores it."""

    event_name: str
    data: msgspec.Raw
    user: int | None


class _Row(msgspec.Struct, frozen=True):
    id: int
    event_name: str
    timestamp: str
    web_agent_id: str
    validator_id: str
    data: msgspec.Raw
    user: int | None


_DECODER = msgspec.json.Decoder(_Recorded)


def site_event_routes(backend: SiteBackend) -> list[ControllerRouterHandler]:
    """GET /events/list/, newest first, and DELETE /events/reset/, both for the identity that the headers name."""
    store, site = backend.store, backend.spec.name

    @get("/events/list/", exception_handlers=JSON_REFUSALS)
    async def list_events(request: Request[Any, Any, Any]) -> Response[bytes]:
        identity = identity_of(request)
        events = await asyncio.to_thread(store.events, site, identity)
        return json_answer([_row(identity, stored) for stored in events])

    @delete("/events/reset/", status_code=200, exception_handlers=JSON_REFUSALS)
    async def reset_events(request: Request[Any, Any, Any]) -> Response[bytes]:
        deleted = await asyncio.to_thread(store.reset_events, site, identity_of(request))
        return json_answer({"deleted": deleted})

    return [list_events, reset_events]


def reset_route(backend: SiteBackend, forwarder: EventForwarder | None = None) -> ControllerRouterHandler:
    """POST /reset/ → 204: the identity's state on this site is gone, and its events here and at the central service.

    There it is those under the site's own origin and under the one that the request names; what is still on its way
    there by `forwarder` is waited for. An event that a page has not posted yet still arrives.
    """

    @post("/reset/", status_code=204, exception_handlers=JSON_REFUSALS)
    async def reset(request: Request[Any, Any, Any]) -> None:
        if forwarder is not None:
            await forwarder.settle()
        await backend.reset(backend.caller(request), *_central_sources(backend, request))

    return reset


def _central_sources(backend: SiteBackend, request: Request[Any, Any, Any]) -> list[str]:
    """Where the central service keeps the site's events: under the site's own origin, and the request's name for it."""
    origins = {read_origin(backend.spec.origin), *origins_of_host(request.headers.get("host", ""))}
    return [central_source(origin) for origin in sorted(origins)]


def _row(identity: Identity, stored: StoredEvent) -> _Row:
    recorded = _DECODER.decode(stored.event)
    return _Row(
        id=stored.id,
        event_name=recorded.event_name,
        timestamp=format_instant(stored.created_us),
        web_agent_id=identity.agent_id,
        validator_id=identity.validator_id,
        data=recorded.data,
        user=recorded.user,
    )
