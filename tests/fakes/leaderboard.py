"""A leaderboard export with state, credentials, demands, drift and faults, on a free loopback port."""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fakes.entries import Entry, entry_id
from tests.fakes.envelopes import Envelope, Slice, decode_cursor
from tests.fakes.faults import Fault, answer_badly
from tests.fakes.table import select

EXPORT_PATH = "/api/v1/tasks/with-solutions"
_LARGEST_LIMIT = 500
_DEFAULT_LIMIT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A request as it arrived; `number` counts from 1 over the server's life, `body` is the JSON of a POST."""

    number: int
    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    body: Any


Faults = Mapping[int, Fault] | Callable[[Recorded], Fault | None]
OnRequest = Callable[["FakeLeaderboard", int, dict[str, str]], None]


@dataclass(kw_only=True)
class FakeLeaderboard:
    """`async with FakeLeaderboard(rows=…) as api:` serves `rows` at `api.url` until the block ends.

    Attributes may be changed while it runs. GET of any path lists the table; POST of any path answers what it received.

    - `bearer`, `key`: credentials that every request must carry (401; 422 without a key, as the 2025 deployment says).
    - `demands`: names (`nonce`, `run_id`, `runId`) that it insists on, one after the other, in the shape `demand_shape`
      (`code`, `error.code`, `detail.code`, `error`, `detail`, `loc`); `insatiable` repeats the first demand for ever. A
      nonce is good for one request.
    - `faults`: by request number, or a function of the request.
    - `on_request`: called before each answer, with the request's number and parameters; it may change the table.
    - `clamp`: the most rows an answer holds, whatever was asked; with `says_asked_limit` its hints pretend otherwise.
    - `ignores_page`: always answers the first page. `latency_s`: waits that long before each answer.
    """

    rows: Iterable[Entry] = ()
    envelope: Envelope = field(default_factory=Envelope)
    bearer: str | None = None
    key: str | None = None
    demands: tuple[str, ...] = ()
    demand_shape: str = "code"
    insatiable: bool = False
    faults: Faults = field(default_factory=dict)
    on_request: OnRequest | None = None
    clamp: int | None = None
    says_asked_limit: bool = False
    ignores_page: bool = False
    latency_s: float = 0.0
    host: str = "127.0.0.1"
    port: int = 0

    def __post_init__(self) -> None:
        self.table: list[Entry] = list(self.rows)
        self.requests: list[Recorded] = []
        self.origin = ""
        self.in_flight = 0
        self.most_in_flight = 0
        self.peers: set[tuple[str, int]] = set()
        self._used_nonces: set[str] = set()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The export's URL."""
        return self.origin + EXPORT_PATH

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=64 * 1024 * 1024)
        application.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self.port).start()
        host, port = self._runner.addresses[0][:2]
        self.origin = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def insert(self, entry: Entry) -> None:
        """Add a row."""
        self.table.append(entry)

    def delete(self, wanted: str) -> None:
        """Remove the row with this id."""
        self.table = [entry for entry in self.table if entry_id(entry) != wanted]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await self._answer(request)
        finally:
            self.in_flight -= 1

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        recorded = Recorded(
            number=len(self.requests) + 1,
            method=request.method,
            path=request.path,
            params=dict(request.query),
            headers=dict(request.headers),
            body=await request.json() if request.method == "POST" else None,
        )
        self.requests.append(recorded)
        assert request.transport is not None
        self.peers.add(request.transport.get_extra_info("peername"))
        if self.on_request is not None:
            self.on_request(self, recorded.number, recorded.params)
        if self.latency_s:
            await asyncio.sleep(self.latency_s)
        fault = self.faults(recorded) if callable(self.faults) else self.faults.get(recorded.number)
        status, value, headers = self._refusal(recorded) or self._value(recorded)
        body = json.dumps(value).encode()
        if fault is not None:
            return await answer_badly(request, fault, body)
        return web.Response(status=status, body=body, headers={"Content-Type": "application/json", **headers})

    def _refusal(self, recorded: Recorded) -> tuple[int, Any, dict[str, str]] | None:
        if self.bearer is not None and recorded.headers.get("Authorization") != f"Bearer {self.bearer}":
            return 401, {"detail": "Not authenticated"}, {"WWW-Authenticate": "Bearer"}
        if self.key is not None and "key" not in recorded.params:
            return 422, {"detail": [_problem("key", "missing", "Field required", None)]}, {}
        if self.key is not None and recorded.params["key"] != self.key:
            return 403, {"error": f"API key {recorded.params['key']} is not valid"}, {}
        given = recorded.params if recorded.body is None else recorded.body
        for name in self.demands:
            if name not in given or self.insatiable:
                return 428, demand(name, self.demand_shape), {}
            if name == "nonce":
                if given[name] in self._used_nonces:
                    return 409, {"message": "used twice"}, {}
                self._used_nonces.add(given[name])
        return None

    def _value(self, recorded: Recorded) -> tuple[int, Any, dict[str, str]]:
        if recorded.method == "POST":
            return 200, {"success": True, "received": recorded.body}, {}
        params = recorded.params
        problems = [
            _problem(name, "out_of_range", f"Input should be {said}", params[name])
            for name, low, high, said in (("page", 1, 10**9, "1 or more"), ("limit", 1, _LARGEST_LIMIT, "1 to 500"))
            if name in params and not (params[name].isdecimal() and low <= int(params[name]) <= high)
        ]
        if problems:
            return 422, {"detail": problems}, {}
        asked = int(params.get("limit", _DEFAULT_LIMIT))
        size = asked if self.clamp is None else min(asked, self.clamp)
        page = 1 if self.ignores_page else int(params.get("page", 1))
        offset = decode_cursor(params["cursor"]) if "cursor" in params else (page - 1) * size
        if offset is None:
            return 400, {"detail": "the cursor is not one of ours"}, {}
        rows = select(self.table, params)
        part = Slice(
            rows=rows[offset : offset + size],
            offset=offset,
            size=size,
            total=len(rows),
            page=page,
            said_limit=asked if self.says_asked_limit else size,
        )
        value, headers = self.envelope.wrap(part, self.origin + recorded.path, params)
        return 200, value, headers


def demand(name: str, shape: str) -> Any:
    """Return how a server may ask for `name`: by a code, in a text, or as a missing field."""
    code = f"{name}_required"
    return {
        "code": {"code": code, "message": "one more thing"},
        "error.code": {"success": False, "error": {"code": code}},
        "detail.code": {"detail": {"code": code.upper() if name != "runId" else code}},
        "error": {"error": f"this deployment needs a {name}"},
        "detail": {"detail": f"missing parameter {name}"},
        "loc": {"detail": [_problem(name, "missing", "Field required", None)]},
    }[shape]


def _problem(name: str, kind: str, message: str, given: str | None) -> dict[str, Any]:
    return {"type": kind, "loc": ["query", name], "msg": message, "input": given}
