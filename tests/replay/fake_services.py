"""Local sites and listeners for replays: pages on loopback that a test writes, and one that must never be reached."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

PAGES = Path(__file__).parent / "pages"
RECORDED = "http://localhost:8012"  # what recorded solutions call the site

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class LocalSite:
    """A site whose pages are the files of `pages/`, and whatever a test adds under a path."""

    url: str = ""
    seen: list[web.BaseRequest] = field(default_factory=list)
    _added: dict[str, Handler] = field(default_factory=dict)

    def add(self, path: str, page: str | Handler, content_type: str = "text/html") -> str:
        """Serve a text or a handler's answers under a path, which is returned."""
        if isinstance(page, str):
            text = page

            async def answer(_request: web.Request) -> web.Response:
                return web.Response(text=text, content_type=content_type)

            self._added[path] = answer
        else:
            self._added[path] = page
        return path

    def paths(self) -> list[str]:
        """What was asked for so far, in order."""
        return [request.path for request in self.seen]

    def forget(self) -> None:
        """Forget what tests added and asked for."""
        self._added.clear()
        self.seen.clear()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(request)
        if request.path in self._added:
            return await self._added[request.path](request)
        file = PAGES / f"{request.path.strip('/')}.html"
        if not file.is_file():
            return web.Response(status=404, text="<h1>not found</h1>", content_type="text/html")
        return web.Response(body=file.read_bytes(), content_type="text/html", charset="utf-8")


@asynccontextmanager
async def local_site() -> AsyncIterator[LocalSite]:
    """A running site on a free port of loopback."""
    site = LocalSite()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield site
    finally:
        await runner.cleanup()


class Forbidden(asyncio.DatagramProtocol):
    """A port that nothing may reach, by TCP or UDP, over IPv4 or IPv6: it keeps what came."""

    def __init__(self) -> None:
        self.port = 0
        self.reached: list[str] = []

    def datagram_received(self, data: bytes, _address: object) -> None:
        self.reached.append(f"udp {data[:40]!r}")

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reached.append("tcp")
        self.reached.append((await reader.read(200)).decode("latin-1"))
        writer.close()


@asynccontextmanager
async def forbidden_listener() -> AsyncIterator[Forbidden]:
    """A listener on a free port of loopback."""
    forbidden = Forbidden()
    server = await asyncio.start_server(forbidden.connected, ["127.0.0.1"], 0)
    forbidden.port = server.sockets[0].getsockname()[1]
    try:
        other = await asyncio.start_server(forbidden.connected, ["::1"], forbidden.port)
    except OSError:  # a machine without IPv6
        other = None
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: forbidden, local_addr=("127.0.0.1", forbidden.port)
    )
    try:
        yield forbidden
    finally:
        transport.close()
        for listening in (server, other):
            if listening is not None:
                listening.close()
