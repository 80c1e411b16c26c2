"""A request to a website: who is calling, at which seed, and the visit that a page's code works on."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, TypeVar

import msgspec
from litestar import Request
from litestar.exceptions import ClientException

from score_model.arena._settings import Clock
from score_model.arena.sites.layout import DEFAULT_SEED, Layout, seed_of
from score_model.arena.sites.registry import SITES
from score_model.arena.sites.spec import SiteSpec
from score_model.arena.sites.state import Item, SiteState, User
from score_model.arena.sites.store import MOST_IDENTITY, Identity, SiteStore
from score_model.contract import format_instant

_FEWEST, _MOST = 36, 44  # items on show at one seed, of the catalog's 52
_CREATED_AT = "2026-01-01T00:00:00+00:00"

T = TypeVar("T")


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


@dataclass(frozen=True)
class SiteEvent:
    """A backend event before it is dated and stored."""

    name: str
    data: dict[str, Any]
    user_id: int | None


@dataclass(frozen=True)
class Refusal:
    """Why an act did not happen; `problems` is keyed by form field, `""` for the page as a whole."""

    problems: dict[str, str]
    status: int = 422


LOGIN_FIRST = Refusal({"": "Please sign in first."}, 401)


@dataclass
class Visit:
    """One request of one visitor: where, at which seed, who, and the state that the acts change.

    `now` is ISO 8601 text; `username` the member who is signed in, if any.
    """

    spec: SiteSpec
    layout: Layout
    state: SiteState
    agent_id: str
    now: str
    username: str | None = None

    @property
    def user(self) -> User | None:
        """The member who is signed in."""
        return None if self.username is None else self.state.user(self.username, self.spec, self.agent_id)

    def items(self) -> list[Item]:
        """What the site shows this visitor, in the layout's order."""
        return self.state.items(catalog_of(self.layout))

    def item(self, item_id: int) -> Item | None:
        """One item as it is now."""
        return self.state.item(catalog_of(self.layout), item_id)

    def may(self, act: str) -> bool:
        """Whether this visitor may try an act, or must sign in first."""
        return act not in self.spec.login_for or self.user is not None

    def event(self, act: str, data: dict[str, Any]) -> SiteEvent:
        """The event of an act by this visitor."""
        user = self.user
        return SiteEvent(self.spec.events[act], data, user.id if user else None)


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


class SiteBackend:
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
            with self.store.state(self.spec.name, caller.identity) as state:
                return read(self._visit(caller, state))

        return await asyncio.to_thread(reading)

    async def act(self, caller: Caller, act: Callable[[Visit], T]) -> T:
        """Let `act` change the state in one transaction; its event is not stored here."""
        change = self.store.change
        done: T = await asyncio.to_thread(
            change, self.spec.name, caller.identity, lambda state: act(self._visit(caller, state))
        )
        return done

    async def act_and_record(self, caller: Caller, act: Callable[[Visit], tuple[T, SiteEvent | None]]) -> T:
        """As `act`, and the event that it returns is stored under the site's name in the same transaction."""

        def acting(state: SiteState) -> tuple[T, bytes | None]:
            result, event = act(self._visit(caller, state))
            if event is None:
                return result, None
            return result, msgspec.json.encode({"event_name": event.name, "data": event.data, "user": event.user_id})

        done: T = await asyncio.to_thread(
            self.store.change_and_record, self.spec.name, caller.identity, acting, caller.now_us
        )
        return done

    async def reset(self, caller: Caller, *other_sources: str) -> None:
        """Put everything back to what it was before this identity came: its state, and its events.

        Events go under the site's name, and from `other_sources` of the store.
        """
        await asyncio.to_thread(self.store.reset, self.spec.name, caller.identity, *other_sources)

    def _visit(self, caller: Caller, state: SiteState) -> Visit:
        username = state.sessions.get(caller.session) if caller.session else None
        return Visit(self.spec, caller.layout, state, caller.identity.agent_id, caller.now, username)


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
