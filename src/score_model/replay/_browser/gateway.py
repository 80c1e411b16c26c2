"""A way to sites that run under another scheme or below a path: a small proxy on loopback, one port a site.

The browser keeps the recorded origin and is led here by its resolver; redirects, cookies and headers are translated
both ways. Bodies are passed on as they are, so addresses inside them stay what the site wrote; paths that already hold
the site's prefix are taken as they come.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, web
from multidict import CIMultiDict
from yarl import URL

_HOP_BY_HOP = frozenset({
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
    "upgrade", "host",
})  # fmt: skip
_LEFT_OUT = _HOP_BY_HOP | {"strict-transport-security", "alt-svc"}
_CHUNK = 1 << 16  # bytes
_TIMEOUT = ClientTimeout(total=None, sock_connect=10, sock_read=60)


@asynccontextmanager
async def run_gateways(rewritten: Mapping[str, str]) -> AsyncIterator[dict[str, int]]:
    """The loopback port behind which each of these sites is, for as long as the context lasts."""
    if not rewritten:
        yield {}
        return
    ports: dict[str, int] = {}
    runners: list[web.AppRunner] = []
    session = ClientSession(auto_decompress=False, cookie_jar=DummyCookieJar(), timeout=_TIMEOUT)
    try:
        for origin, actual in sorted(rewritten.items()):
            runner = web.AppRunner(_application(session, origin, actual), access_log=None)
            await runner.setup()
            runners.append(runner)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            ports[origin] = runner.addresses[0][1]
        yield ports
    finally:
        for runner in runners:
            await runner.cleanup()
        await session.close()


def _application(session: ClientSession, origin: str, actual: str) -> web.Application:
    translation = _Translation(origin, actual)

    async def forward(request: web.Request) -> web.StreamResponse:
        if "upgrade" in request.headers.get("Connection", "").lower():
            return web.Response(status=501, text="web sockets do not pass a gateway")
        try:
            async with session.request(
                request.method,
                translation.outward(request.raw_path),
                headers=translation.request_headers(request.headers),
                data=request.content.iter_chunked(_CHUNK) if request.can_read_body else None,
                allow_redirects=False,
            ) as answer:
                response = web.StreamResponse(status=answer.status, reason=answer.reason)
                response.headers.extend(translation.response_headers(answer.headers))
                await response.prepare(request)
                async for chunk in answer.content.iter_chunked(_CHUNK):
                    await response.write(chunk)
                return response
        except ClientError as error:
            return web.Response(status=502, text=f"the site did not answer: {type(error).__name__}")

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", forward)
    return application


class _Translation:
    """Addresses and headers between a recorded origin and where its site runs."""

    def __init__(self, origin: str, actual: str) -> None:
        self._recorded = origin
        parts = urlsplit(actual)
        self._actual = f"{parts.scheme}://{parts.netloc}"
        self._prefix = parts.path.rstrip("/")

    def outward(self, path: str) -> URL:
        """Where a request for this path and query goes."""
        inside = not self._prefix or path == self._prefix or path.startswith((f"{self._prefix}/", f"{self._prefix}?"))
        return URL(f"{self._actual}{path if inside else self._prefix + path}", encoded=True)

    def request_headers(self, headers: Mapping[str, str]) -> CIMultiDict[str]:
        translated: CIMultiDict[str] = CIMultiDict()
        for name, value in headers.items():
            if name.lower() not in _HOP_BY_HOP:
                translated.add(name, value.replace(self._recorded, self._actual) if _is_address(name) else value)
        return translated

    def response_headers(self, headers: Mapping[str, str]) -> CIMultiDict[str]:
        translated: CIMultiDict[str] = CIMultiDict()
        for name, value in headers.items():
            match name.lower():
                case "location" | "content-location":
                    translated.add(name, self._inward(value))
                case "set-cookie":
                    translated.add(name, _without_place(value, self._recorded))
                case "access-control-allow-origin":
                    translated.add(name, value.replace(self._actual, self._recorded))
                case lowered if lowered not in _LEFT_OUT:
                    translated.add(name, value)
        return translated

    def _inward(self, address: str) -> str:
        path = address.removeprefix(self._actual)
        if not path.startswith("/") or path.startswith("//"):
            return f"{self._recorded}/" if not path else address
        if path == self._prefix or path.startswith(f"{self._prefix}/"):
            path = path.removeprefix(self._prefix) or "/"
        return f"{self._recorded}{path}"


def _is_address(name: str) -> bool:
    return name.lower() in {"origin", "referer"}


def _without_place(cookie: str, recorded: str) -> str:
    """A Set-Cookie header for the recorded host and any path; browsers take a secure one from localhost, even so."""
    dropped = ("domain=", "path=") if recorded.startswith("http://localhost") else ("domain=", "path=", "secure")
    parts = [part.strip() for part in cookie.split(";")]
    return "; ".join([*(part for part in parts if not part.lower().startswith(dropped)), "Path=/"])
