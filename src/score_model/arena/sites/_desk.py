"""The desk of a website: who is calling, in which layout, and the visit that a page's code works on."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from litestar import Request
from litestar.exceptions import ClientException

from score_model.arena._settings import Clock
from score_model.arena.sites._layout import DEFAULT_SEED, Layout, seed_of
from score_model.arena.sites._spec import SiteSpec
from score_model.arena.sites._store import MOST_IDENTITY, Identity, SiteStore
from score_model.arena.sites._visit import SiteEvent, Visit
from score_model.arena.sites._world import World
from score_model.contract import format_instant

T = TypeVar("T")


@dataclass(frozen=True)
class Caller:
    """What a request says before anything is looked up. `session` is a cookie's value, `now_us` µs since the epoch."""

    identity: Identity
    layout: Layout
    session: str | None
    now_us: int

    @property
    def now(self) -> str:
        """The time of the request as ISO 8601 text."""
        return format_instant(self.now_us)


class Desk:
    """Opens visits of one website. Cookies carry the site's name, for on localhost they cross ports."""

    def __init__(self, spec: SiteSpec, store: SiteStore, clock: Clock) -> None:
        self.spec = spec
        self.store = store
        self._clock = clock
        self.seed_cookie = f"{spec.name}_seed"
        self.session_cookie = f"{spec.name}_session"
        self.notice_cookie = f"{spec.name}_notice"

    def caller(self, request: Request[Any, Any, Any]) -> Caller:
        """Who is calling: identity from the headers, the seed from the query, else the cookie, else the default."""
        cookies = request.cookies
        seed = seed_of(request.query_params.get("seed")) or seed_of(cookies.get(self.seed_cookie)) or DEFAULT_SEED
        return Caller(
            identity=identity_of(request),
            layout=Layout(self.spec.name, seed),
            session=cookies.get(self.session_cookie),
            now_us=self._clock(),
        )

    async def look(self, caller: Caller, read: Callable[[Visit], T]) -> T:
        """What `read` makes of the visit; changes are lost."""

        def reading() -> T:
            with self.store.world(self.spec.name, caller.identity) as world:
                return read(self._visit(caller, world))

        return await asyncio.to_thread(reading)

    async def act(self, caller: Caller, act: Callable[[Visit], T]) -> T:
        """Let `act` change the world in one transaction; its event is not stored here."""
        change = self.store.change
        done: T = await asyncio.to_thread(
            change, self.spec.name, caller.identity, lambda world: act(self._visit(caller, world))
        )
        return done

    async def act_and_record(self, caller: Caller, act: Callable[[Visit], tuple[T, SiteEvent | None]]) -> T:
        """As `act`, and the event that it returns is stored under the site's name in the same transaction."""

        def acting(world: World) -> tuple[T, bytes | None]:
            result, event = act(self._visit(caller, world))
            if event is None:
                return result, None
            return result, msgspec.json.encode({"event_name": event.name, "data": event.data, "user": event.user_id})

        done: T = await asyncio.to_thread(
            self.store.change_and_record, self.spec.name, caller.identity, acting, caller.now_us
        )
        return done

    async def reset(self, caller: Caller, *other_sources: str) -> None:
        """Put everything back to what it was before this identity came: its world, and its events.

        Events go under the site's name, and from `other_sources` of the store.
        """
        await asyncio.to_thread(self.store.reset, self.spec.name, caller.identity, *other_sources)

    def _visit(self, caller: Caller, world: World) -> Visit:
        username = world.sessions.get(caller.session) if caller.session else None
        return Visit(self.spec, caller.layout, world, caller.identity.agent_id, caller.now, username)


def identity_of(request: Request[Any, Any, Any]) -> Identity:
    """The identity that a request's headers name; browsers without them share the empty one.

    Raises ClientException (400) for a header that is too long: cut short, two callers could become one.
    """
    return Identity(_header(request, "X-WebAgent-Id"), _header(request, "X-Validator-Id"))


def _header(request: Request[Any, Any, Any], name: str) -> str:
    raw = request.headers.get(name, "").encode("latin-1")
    try:
        value = raw.decode().strip()
    except UnicodeDecodeError:
        value = raw.decode("latin-1").strip()
    if len(value) > MOST_IDENTITY:
        raise ClientException(f"The header {name} has at most {MOST_IDENTITY} characters")
    return value
