"""The central event service: one for all sites, each event under its page's origin (export contract, section 5)."""

import asyncio
from typing import Any

import msgspec
from litestar import Request, Response, delete, get, post

from score_model.arena._refusals import JSON_REFUSALS
from score_model.arena._settings import Clock
from score_model.arena.sites import SiteStore
from score_model.arena.sites.events._payload import NOT_TEXT, check_payload, too_deep, unreadable
from score_model.arena.sites.store import MOST_IDENTITY, Identity, StoredEvent
from score_model.contract import format_instant
from score_model.contract.urls import read_origin
from score_model.errors import ContractError
from score_model.web import LOOPBACK_HOSTS, AllowedHosts, RefusedError, WebApp, json_answer, refuse_other_than_json

EVENTS_PORT = 8090
_MOST_BODY = 1 << 20  # bytes
_LONGEST_URL = 8192


class _Posted(msgspec.Struct):
    web_agent_id: str
    web_url: str
    validator_id: str
    data: dict[str, Any]


class _Row(msgspec.Struct, frozen=True):
    id: int
    web_agent_id: str
    web_url: str
    validator_id: str
    data: msgspec.Raw
    created_at: str


_DECODER = msgspec.json.Decoder(_Posted)


def central_source(origin: str) -> str:
    """The store's name for the central service's events of an origin."""
    return f"central:{origin}"


def central_app(store: SiteStore, clock: Clock, hosts: AllowedHosts = LOOPBACK_HOSTS) -> WebApp:
    """The service as a web application; events are taken as JSON only."""

    @post("/save_events/")
    async def save_events(request: Request[Any, Any, Any]) -> Response[bytes]:
        refuse_other_than_json(request)
        body = await request.body()
        posted, data = _read(body)
        identity = _identity(posted.web_agent_id, posted.validator_id)
        origin = _origin(posted.web_url)
        stored = await asyncio.to_thread(store.add_event, central_source(origin), identity, data, clock())
        return json_answer(_row(origin, identity, stored), 201)

    @get("/get_events/")
    async def get_events(request: Request[Any, Any, Any]) -> Response[bytes]:
        origin, identity = _asked(request)
        events = await asyncio.to_thread(store.events, central_source(origin), identity)
        return json_answer([_row(origin, identity, stored) for stored in events])

    @delete("/reset_events/", status_code=200)
    async def reset_events(request: Request[Any, Any, Any]) -> Response[bytes]:
        origin, identity = _asked(request)
        deleted = await asyncio.to_thread(store.reset_events, central_source(origin), identity)
        return json_answer({"deleted": deleted})

    @get("/health")
    async def health() -> Response[bytes]:
        return json_answer({"status": "ok"})

    return WebApp(
        [save_events, get_events, reset_events, health],
        hosts=hosts,
        request_max_body_size=_MOST_BODY,
        exception_handlers=JSON_REFUSALS,
    )


def _read(body: bytes) -> tuple[_Posted, bytes]:
    """What was posted, and its data as JSON of our own spelling: what we could not send back is refused now."""
    try:
        posted = _DECODER.decode(body)
        check_payload(posted.data)
        return posted, msgspec.json.encode(posted.data)
    except msgspec.ValidationError as error:
        raise RefusedError(422, "invalid_event", str(error)) from None
    except RecursionError:
        raise too_deep() from None
    except (msgspec.MsgspecError, UnicodeError):
        raise unreadable(body) from None


def _asked(request: Request[Any, Any, Any]) -> tuple[str, Identity]:
    """Origin and identity that a query names; all three are needed, though identities may be empty."""
    parameters = request.query_params
    missing = [name for name in ("web_url", "web_agent_id", "validator_id") if name not in parameters]
    if missing:
        raise RefusedError(422, "missing_parameter", f"Missing from the query: {', '.join(missing)}")
    return _origin(parameters["web_url"]), _identity(parameters["web_agent_id"], parameters["validator_id"])


def _identity(agent_id: str, validator_id: str) -> Identity:
    identity = Identity(agent_id.strip(), validator_id.strip())
    if NOT_TEXT.search(identity.agent_id + identity.validator_id):
        raise RefusedError(422, "invalid_identity", "An id has neither NUL nor half a character")
    if max(len(identity.agent_id), len(identity.validator_id)) > MOST_IDENTITY:
        raise RefusedError(422, "invalid_identity", f"An id has at most {MOST_IDENTITY} characters")
    return identity


def _origin(web_url: str) -> str:
    try:
        if NOT_TEXT.search(web_url):
            raise ContractError("a URL has neither NUL nor half a character")
        if len(web_url.strip()) > _LONGEST_URL:
            raise ContractError(f"at most {_LONGEST_URL} characters")
        return read_origin(web_url)
    except ContractError as error:
        raise RefusedError(422, "invalid_url", f"web_url: {error}") from None


def _row(origin: str, identity: Identity, stored: StoredEvent) -> _Row:
    return _Row(
        id=stored.id,
        web_agent_id=identity.agent_id,
        web_url=origin,
        validator_id=identity.validator_id,
        data=stored.event,
        created_at=format_instant(stored.created_us),
    )
