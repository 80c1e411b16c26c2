"""`POST /api/log-event`: where pages leave their events, late and without waiting; the central service gets them on."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, post
from litestar.types import ControllerRouterHandler

from score_model.arena.sites import SiteBackend
from score_model.arena.sites.autobooks._reading import posted
from score_model.arena.sites.events import EventForwarder, check_payload
from score_model.arena.sites.request import identity_of
from score_model.contract.urls import origin_of, origins_of_host
from score_model.web import RefusedError


class _Event(msgspec.Struct, forbid_unknown_fields=True):
    event_name: str
    data: dict[str, Any]
    user_id: int | None
    timestamp: Annotated[str, msgspec.Meta(max_length=40)]


class _Posted(msgspec.Struct, forbid_unknown_fields=True):
    web_url: str
    event: _Event


_DECODER = msgspec.json.Decoder(_Posted)


def log_route(backend: SiteBackend, forwarder: EventForwarder) -> ControllerRouterHandler:
    """The route; it answers 202 at once. Only events that this site knows, and only under the site's own origin."""
    known = frozenset(backend.spec.events.values())

    @post("/api/log-event", status_code=202)
    async def log_event(request: Request[Any, Any, Any]) -> Response[None]:
        received = await posted(request, _DECODER)
        if received.event.event_name not in known:
            raise RefusedError(422, "unknown_event", "This site has no such event")
        origin = _own_origin(request, received.web_url)
        event = msgspec.to_builtins(received.event)
        check_payload(event)  # what the central service would refuse is refused here, where somebody hears it
        forwarder.forward(origin, identity_of(request), event)
        return Response(None, status_code=202)

    return log_event


def _own_origin(request: Request[Any, Any, Any], web_url: str) -> str:
    """The page's origin as its browser sees it. Raises RefusedError 422 if the request went to another host.

    The host is the one of the URL, so `localhost:8001` even where the browser resolves that to another port.
    """
    origin = origin_of(web_url)
    if origin is None or origin not in origins_of_host(request.headers.get("host", "")):
        raise RefusedError(422, "other_origin", "web_url is not an address of this site")
    return origin
