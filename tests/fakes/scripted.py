"""A list whose pages are written out: whatever page size is asked for, page 2 is page 2."""

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

from aiohttp import web

Answer = dict[str, Any]


class ScriptedPages:
    """`async with ScriptedPages(answer) as api:` serves `answer(params)` as JSON at `api.url`."""

    def __init__(self, answer: Callable[[dict[str, str]], Answer]) -> None:
        self._answer = answer
        self.requests: list[dict[str, str]] = []
        self.url = ""

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_get("/list", self._serve)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/list"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.Response:
        params = dict(request.query)
        self.requests.append(params)
        return web.json_response(self._answer(params))


def by_number(pages: Sequence[Sequence[Any]], *hints: str) -> Callable[[dict[str, str]], Answer]:
    """Answers with the page of that number and the named hints (`total`, `totalPages`, `has_next`, `next`)."""
    total = sum(map(len, pages))

    def answer(params: dict[str, str]) -> Answer:
        number = int(params.get("page", "1"))
        data: Answer = {"tasks": list(pages[number - 1]) if number <= len(pages) else []}
        values = {
            "total": total,
            "totalPages": len(pages),
            "has_next": number < len(pages),
            "next": number + 1 if number < len(pages) else None,
        }
        return {"success": True, "data": data | {hint: values[hint] for hint in hints}}

    return answer
