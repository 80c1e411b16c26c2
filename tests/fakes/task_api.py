"""A stateful task API on loopback: tasks are claimed, solutions are stored once per key and judged as the test says."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import BodyPartReader, web

from tests.fakes.envelopes import Envelope, Slice, decode_cursor
from tests.fakes.faults import Fault, answer_badly
from tests.fakes.leaderboard import demand

Json = dict[str, Any]
_VERDICTS: dict[str, Json] = {
    "passed": {"score": 0.85, "verdict": "All checks passed (6/6)"},
    "partial": {"score": 0.5, "verdict": "1 of 2 checks passed"},
    "failed": {"score": 0, "verdict": "No check passed (0/2)"},
}
_CHECKS = [
    {"name": "backend_event:order_created", "passed": True},
    {"name": "dom:button_clicked", "value": "#buy", "passed": True},
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a multipart body as it arrived."""

    name: str
    content_type: str
    file_name: str | None
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it arrived; `path` is not decoded, `fields` are the JSON object or the form's values."""

    number: int
    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    fields: Json
    parts: list[Part]


class _RefusedError(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.value = status, {"error": {"code": code, "message": message}}


@dataclass(kw_only=True)
class FakeTaskApi:
    """`async with FakeTaskApi(tasks=…) as api:` serves the documented routes under `api.url` until the block ends.

    - `tasks`: as the API lists them; `solutions`: by id, as they stand.
    - `looks`: the status that a solution has at its first look, its second, …; the last one stays.
    - `bearer`, `demands`, `demand_shape`, `faults`, `envelope`: as in the fake leaderboard. A demand is answered in the
      query of a GET and in the body of a POST. A fault strikes after the request took effect.
    - `wrapped`: single objects come as `{"success": true, "data": {…}}`. `empty_claims`: a claim answers 204.
    """

    tasks: list[Json] = field(default_factory=list)
    looks: Sequence[str] = ("evaluating", "passed")
    bearer: str | None = None
    demands: tuple[str, ...] = ()
    demand_shape: str = "code"
    faults: Mapping[int, Fault] | Callable[[Asked], Fault | None] = field(default_factory=dict)
    envelope: Envelope = field(default_factory=lambda: Envelope(dialect="cursor", items_key="results"))
    wrapped: bool = False
    empty_claims: bool = False

    def __post_init__(self) -> None:
        self.requests: list[Asked] = []
        self.solutions: dict[str, Json] = {}
        self.url = ""
        self._looked: dict[str, int] = {}
        self._by_key: dict[str, Json] = {}
        self._used_nonces: set[str] = set()

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=64 * 1024 * 1024)
        routes: dict[str, Callable[[web.Request, Asked], Any]] = {
            "GET /api/tasks": self._list_tasks,
            "POST /api/tasks": self._create,
            "GET /api/tasks/{id}": lambda request, asked: self._task(request),
            "POST /api/tasks/{id}/claim": self._claim,
            "GET /api/tasks/{id}/solutions": self._list_solutions,
            "POST /api/tasks/{id}/solutions": self._submit,
            "GET /api/solutions/{id}": self._look,
        }
        for route, answer in routes.items():
            method, path = route.split()
            application.router.add_route(method, path, self._handler(answer))
        self._runner = web.AppRunner(application, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/api"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    def _handler(self, answer: Callable[[web.Request, Asked], Any]) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.StreamResponse:
            asked = await _read(request, len(self.requests) + 1)
            self.requests.append(asked)
            headers: dict[str, str] = {}
            try:
                self._check(asked)
                status, value = answer(request, asked)
                if isinstance(value, Slice):
                    url = str(request.url.with_query(None))
                    value, headers = self.envelope.wrap(value, url, asked.params)
                elif self.wrapped and value is not None:
                    value = {"success": True, "data": value}
            except _RefusedError as refused:
                status, value = refused.status, refused.value
            body = b"" if value is None else json.dumps(value).encode()
            fault = self.faults(asked) if callable(self.faults) else self.faults.get(asked.number)
            if fault is not None:
                return await answer_badly(request, fault, body)
            return web.Response(status=status, body=body, headers={"Content-Type": "application/json", **headers})

        return handle

    def _check(self, asked: Asked) -> None:
        if self.bearer is not None and asked.headers.get("Authorization") != f"Bearer {self.bearer}":
            raise _RefusedError(401, "unauthorized", "a bearer token is needed")
        given = asked.params if asked.method == "GET" else asked.fields
        for name in self.demands:
            if name not in given:
                refused = _RefusedError(428, "", "")
                refused.value = demand(name, self.demand_shape)
                raise refused
            if name == "nonce":
                if given[name] in self._used_nonces:
                    raise _RefusedError(409, "replayed", "used twice")
                self._used_nonces.add(given[name])

    def _task(self, request: web.Request) -> tuple[int, Json]:
        wanted = request.match_info["id"]
        for task in self.tasks:
            if task["id"] == wanted:
                return 200, task
        raise _RefusedError(404, "task_not_found", f"there is no task {wanted}")

    def _list_tasks(self, request: web.Request, asked: Asked) -> tuple[int, Slice]:
        rows = [
            task
            for task in self.tasks
            if asked.params.get("status") in (None, task.get("status"))
            and asked.params.get("search", "").lower() in str(task.get("title")).lower()
        ]
        return 200, _slice(rows, asked.params)

    def _create(self, request: web.Request, asked: Asked) -> tuple[int, Json]:
        if not asked.fields.get("title"):
            raise _RefusedError(422, "invalid", "title: field required")
        key = asked.headers.get("Idempotency-Key")
        if key in self._by_key:
            return 200, self._by_key[str(key)]
        task = {**asked.fields, "id": f"task_{len(self.tasks) + 1}", "status": "open"}
        self.tasks.append(task)
        if key is not None:
            self._by_key[key] = task
        return 201, task

    def _claim(self, request: web.Request, asked: Asked) -> tuple[int, Json | None]:
        task = self._task(request)[1]
        if task.get("status") != "open":
            raise _RefusedError(409, "task_claimed", "somebody else holds this task")
        task["status"] = "assigned"
        return (204, None) if self.empty_claims else (200, task)

    def _submit(self, request: web.Request, asked: Asked) -> tuple[int, Json]:
        task_id = self._task(request)[1]["id"]
        key = asked.headers.get("Idempotency-Key")
        if key in self._by_key:
            return 200, self._by_key[str(key)]
        handed_in = asked.fields
        if asked.parts:
            handed_in = json.loads(next(part.data for part in asked.parts if part.name == "solution"))
        if not handed_in.get("agent_id"):
            raise _RefusedError(422, "invalid", "agent_id: field required")
        solution = {"id": f"sol_{len(self.solutions) + 1}", "task_id": task_id, "status": "pending", "score": None}
        self.solutions[solution["id"]] = solution
        if key is not None:
            self._by_key[key] = solution
        return 201, solution

    def _list_solutions(self, request: web.Request, asked: Asked) -> tuple[int, Slice]:
        task_id = self._task(request)[1]["id"]
        rows = [solution for solution in self.solutions.values() if solution["task_id"] == task_id]
        return 200, _slice(rows, asked.params)

    def _look(self, request: web.Request, asked: Asked) -> tuple[int, Json]:
        wanted = request.match_info["id"]
        if wanted not in self.solutions:
            raise _RefusedError(404, "solution_not_found", f"there is no solution {wanted}")
        looked = self._looked.get(wanted, 0)
        self._looked[wanted] = looked + 1
        status = self.looks[min(looked, len(self.looks) - 1)]
        judged = {**_VERDICTS[status], "checks": _CHECKS} if status in _VERDICTS else {}
        self.solutions[wanted] |= {"status": status, **judged}
        return 200, self.solutions[wanted]


def _slice(rows: list[Json], params: Mapping[str, str]) -> Slice:
    size, page = int(params.get("page_size", "50")), int(params.get("page", "1"))
    offset = decode_cursor(params["cursor"]) if "cursor" in params else (page - 1) * size
    if offset is None:
        raise _RefusedError(400, "bad_cursor", "the cursor is not one of ours")
    part = rows[offset : offset + size]
    return Slice(rows=part, offset=offset, size=size, total=len(rows), page=page, said_limit=size)


async def _read(request: web.Request, number: int) -> Asked:
    parts: list[Part] = []
    fields: Json = {}
    if request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            content_type = part.headers["Content-Type"]
            data = bytes(await part.read())
            parts.append(Part(name=part.name or "", content_type=content_type, file_name=part.filename, data=data))
        fields = {part.name: part.data.decode() for part in parts if part.file_name is None}
    elif request.can_read_body:
        fields = await request.json()
    return Asked(
        number=number,
        method=request.method,
        path=request.raw_path.partition("?")[0],
        params=dict(request.query),
        headers=dict(request.headers),
        fields=fields,
        parts=parts,
    )
