"""The production task API's client (export contract, section 2)."""

import asyncio
import uuid
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random, SystemRandom
from typing import TypeVar
from urllib.parse import quote

import msgspec

from score_model.client._error_body import DECODE_ERRORS
from score_model.client._list_answer import PageRequest
from score_model.client._pagination import read_list
from score_model.client._request_body import Body
from score_model.client._session import ApiSession
from score_model.client._submission import MULTIPART_ABOVE_BYTES, encode_solution
from score_model.client._task_records import ReceivedRecord, decode_record, decode_row
from score_model.contract import SolutionStatus
from score_model.contract.task_api import ProductionSolution, ProductionTask, SolutionRequest
from score_model.errors import RemoteError, RemoteUnreachableError, UsageError
from score_model.printable import one_line

T = TypeVar("T", bound=msgspec.Struct)

VERDICTS = frozenset({SolutionStatus.PASSED, SolutionStatus.FAILED, SolutionStatus.PARTIAL})
_LONGEST_KEY = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPolicy:
    """Wait `first_s` after the first look, then `factor` times longer each time up to `cap_s`; give up at `timeout_s`.

    All in seconds. Each wait is shortened at random by up to the share `jitter`, so that waiting clients do not ask in
    step. Raises UsageError for bounds that make no sense.
    """

    first_s: float = 1.0
    factor: float = 1.5
    cap_s: float = 15.0
    jitter: float = 0.2
    timeout_s: float = 600.0

    def __post_init__(self) -> None:
        if not (0 < self.first_s <= self.cap_s < float("inf") and 1 <= self.factor < float("inf")):
            raise UsageError("waits between looks must be above 0 and must not shrink")
        if not (0 <= self.jitter < 1 and 0 < self.timeout_s < float("inf")):
            raise UsageError("the time to wait for a verdict must be above 0 seconds")

    def waits_s(self, random: Random) -> Iterator[float]:
        """Yield the seconds to wait before the second look, the third, and so on, for ever."""
        wait = self.first_s
        while True:
            yield wait * (1 - self.jitter * random.random())
            wait = min(self.cap_s, wait * self.factor)


class ProductionClient:
    """Reads, creates and claims tasks, submits solutions and waits for their verdicts.

    The session's base URL is the API's root, such as `https://host/api`. Every method raises the errors of
    `ApiSession.get`: RemoteRefusedError for a refusal, RemoteUnreachableError for no usable answer; and UsageError for
    an id that no path can carry.
    """

    def __init__(self, session: ApiSession, *, multipart_above_bytes: int = MULTIPART_ABOVE_BYTES) -> None:
        """Send nothing yet; a solution whose JSON is larger than `multipart_above_bytes` is submitted as a form."""
        self._session = session
        self._multipart_above_bytes = multipart_above_bytes

    def tasks(
        self, status: str | None = None, search: str | None = None, page_size: int = 50
    ) -> AsyncGenerator[ReceivedRecord[ProductionTask], None]:
        """Yield the tasks, in the server's order and to the list's end, whatever its way of paging."""
        params = {"status": status, "search": search}
        given = {name: value for name, value in params.items() if value is not None}
        return self._list("tasks", given, page_size, ProductionTask)

    async def task(self, task_id: str) -> ReceivedRecord[ProductionTask]:
        """Return one task."""
        answer = await self._session.get(
            _path("tasks", task_id), decode=lambda body: decode_record(body, ProductionTask)
        )
        return answer.value

    async def create(
        self,
        *,
        title: str,
        description: str | None = None,
        inputs: Mapping[str, object] | None = None,
        metadata: Mapping[str, object] | None = None,
        tests: list[Mapping[str, object]] | None = None,
        extra: Mapping[str, object] | None = None,
        idempotency_key: str | None = None,
    ) -> ReceivedRecord[ProductionTask]:
        """Create a task and return it; `extra` holds fields that this version does not know.

        Without an `idempotency_key` it is only sent again where the server can't have processed it.
        """
        known = {"title": title, "description": description, "inputs": inputs, "metadata": metadata, "tests": tests}
        body = {**(extra or {}), **{name: value for name, value in known.items() if value is not None}}
        return await self._post("tasks", body, lambda body: decode_record(body, ProductionTask), idempotency_key)

    async def claim(self, task_id: str, agent_id: str | None = None) -> ReceivedRecord[ProductionTask]:
        """Claim a task; a task that somebody else holds is a RemoteRefusedError (HTTP 409).

        Deployments answer a claim with the task, with less, or with nothing: then only the record's id is sure.
        """
        body = {} if agent_id is None else {"agent_id": agent_id}
        return await self._post(
            _path("tasks", task_id, "claim"),
            body,
            lambda body: decode_record(body, ProductionTask, known_id=task_id),
            None,
        )

    async def submit(
        self,
        task_id: str,
        solution: SolutionRequest | Mapping[str, object],
        *,
        idempotency_key: str | None = None,
    ) -> ReceivedRecord[ProductionSolution]:
        """Submit a solution and return what the server made of it, usually `pending` or `evaluating`.

        An `Idempotency-Key` always goes with it, by default one that is new for each call, so that it is sent again
        freely and still counts once. Raises UsageError for a screenshot that is no image's data URL.
        """
        body = encode_solution(solution, multipart_above_bytes=self._multipart_above_bytes)
        key = uuid.uuid4().hex if idempotency_key is None else idempotency_key
        return await self._post(
            _path("tasks", task_id, "solutions"), body, lambda body: decode_record(body, ProductionSolution), key
        )

    def solutions(self, task_id: str, page_size: int = 50) -> AsyncGenerator[ReceivedRecord[ProductionSolution], None]:
        """Yield a task's solutions, in the server's order and to the list's end."""
        return self._list(_path("tasks", task_id, "solutions"), {}, page_size, ProductionSolution)

    async def solution(self, solution_id: str) -> ReceivedRecord[ProductionSolution]:
        """Return one solution, with its score, verdict and checks once it is evaluated."""
        path = _path("solutions", solution_id)
        return (await self._session.get(path, decode=lambda body: decode_record(body, ProductionSolution))).value

    async def watch(
        self, solution_id: str, policy: PollPolicy | None = None
    ) -> AsyncGenerator[ReceivedRecord[ProductionSolution], None]:
        """Yield the solution each time it is looked at; the last one is `passed`, `failed` or `partial`.

        Any other status, also one that a newer deployment invents, means that the verdict is still to come. Raises
        RemoteError itself (exit code 1: the server is well, the verdict isn't there) when `policy.timeout_s` have
        passed, or RemoteUnreachableError if there was no answer at all in that time.
        """
        policy = PollPolicy() if policy is None else policy
        clock = asyncio.get_running_loop().time
        deadline = clock() + policy.timeout_s
        status, last = None, False
        for wait_s in policy.waits_s(SystemRandom()):
            try:
                # The last look happens at the deadline and needs a moment of its own.
                async with asyncio.timeout(max(deadline - clock(), policy.first_s)):
                    look = await self.solution(solution_id)
            except TimeoutError:
                break
            yield look
            status = look.record.status or "without a status"
            if status.lower() in VERDICTS:
                return
            if last:
                break
            left_s = max(0.0, deadline - clock())
            last = left_s <= wait_s
            await asyncio.sleep(min(left_s, wait_s))
        if status is None:
            raise RemoteUnreachableError(f"no answer about {solution_id} within {policy.timeout_s:g} s")
        still = self._session.redact(one_line(status))
        raise RemoteError(f"no verdict on {solution_id} within {policy.timeout_s:g} s: it is still {still}")

    async def _list(
        self, path: str, params: Mapping[str, str], page_size: int, kind: type[T]
    ) -> AsyncGenerator[ReceivedRecord[T], None]:
        if page_size < 1:
            raise UsageError(f"a page holds at least 1 row, not {page_size}")
        # No page number: a deployment that pages by cursor as well as by number then offers its cursor.
        first = PageRequest(path=path, params={**params, "page_size": str(page_size)})
        async for page in read_list(self._session, first):
            for row in page.items:
                try:
                    received = decode_row(row, kind)
                except DECODE_ERRORS as error:
                    raise RemoteUnreachableError(f"the list holds an unusable row: {error}") from None
                yield received

    async def _post(
        self, path: str, body: Body, decode: Callable[[bytes], ReceivedRecord[T]], idempotency_key: str | None
    ) -> ReceivedRecord[T]:
        if idempotency_key is not None:
            _check_key(idempotency_key)
        return (await self._session.post(path, body, decode=decode, idempotency_key=idempotency_key)).value


def _path(*segments: str) -> str:
    """Return the path of a route with ids in it.

    Raises UsageError for an id that could reach another route: servers and proxies resolve `.` and `..` and decode
    `%2F` before they look for a route, so that escaping doesn't help.
    """
    for segment in segments:
        if segment.strip() in ("", ".", "..") or "/" in segment or "\\" in segment or not segment.isprintable():
            raise UsageError(f"{segment[:80]!r} is no id: an id is not empty and has no slashes or control characters")
    return "/".join(quote(segment, safe="") for segment in segments)


def _check_key(key: str) -> None:
    if not key.strip() or not key.isascii() or not key.isprintable() or len(key) > _LONGEST_KEY or key != key.strip():
        raise UsageError(f"an idempotency key is 1 to {_LONGEST_KEY} printable ASCII characters, without spaces around")
