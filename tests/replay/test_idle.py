"""A page is waited for until it is at rest: no less, and not much more."""

import asyncio
import time
from dataclasses import replace

import pytest
from aiohttp import web

from tests.replay.drivers import Visit, by_id
from tests.replay.fake_services import RECORDED

pytestmark = pytest.mark.asyncio(loop_scope="module")


def _button(script: str) -> str:
    head = "const h1 = document.querySelector('h1')"
    return f"<button id=b>x</button><h1>before</h1><script>{head}; b.onclick = () => {{ {script} }}</script>"


async def _slow(_request: web.Request) -> web.Response:
    await asyncio.sleep(0.3)
    return web.Response(text="after")


async def test_where_nothing_happens_rest_is_one_quiet_moment(visit: Visit) -> None:
    """A page that does nothing is at rest after the quiet time that was asked for, and a little."""
    await visit.show("<h1>still</h1>")
    waits = [await visit.wait_until_idle() for _ in range(5)]
    assert all(idle.busy is None for idle in waits)
    assert min(idle.seconds for idle in waits) < visit.settings.idle_quiet_ms / 1000 + 0.05


@pytest.mark.parametrize(
    "script",
    [
        "location = '/after'",
        "setTimeout(() => location = '/after', 100)",
        "setTimeout(() => location.replace('/redirect'), 50)",
        "fetch('/slow').then(r => r.text()).then(t => h1.textContent = t)",
        "fetch('/slow').then(() => setTimeout(() => h1.textContent = 'after', 80))",
        "fetch('/slow').then(() => fetch('/slow')).then(() => location = '/after')",
        "setTimeout(() => h1.textContent = 'after', 100)",
        "let n = 0; setInterval(() => n < 9 && (h1.textContent = n++ < 8 ? n : 'after'), 60)",
        "history.pushState({}, '', '/app'); fetch('/slow').then(() => h1.textContent = 'after')",
        "const s = document.createElement('script'); s.src = '/render.js'; document.body.append(s)",
    ],
)
async def test_what_an_action_sets_off_is_waited_for(visit: Visit, script: str) -> None:
    """Navigations, redirects, requests and renderings that a click sets off have happened when the page is at rest."""

    async def redirect(_request: web.Request) -> web.Response:
        raise web.HTTPFound("/after")

    async def after(request: web.Request) -> web.Response:
        await asyncio.sleep(0.2)
        return web.Response(text="<h1>after</h1>", content_type="text/html")

    visit.site.add("/slow", _slow)
    visit.site.add("/redirect", redirect)
    visit.site.add("/after", after)
    visit.site.add("/render.js", "h1.textContent = 'after'", "text/javascript")
    await visit.show(_button(script))
    assert (await visit.act("click", selector=by_id("b"))).success
    idle = await visit.wait_until_idle()
    assert idle.busy is None
    assert await visit.text("h1") == "after"
    assert idle.seconds < 1.4


async def test_a_page_that_renders_itself_is_waited_for(visit: Visit) -> None:
    """A page whose content is fetched by its script is complete when it is at rest."""
    visit.site.add("/slow", _slow)
    await visit.show(
        "<h1></h1><script>fetch('/slow').then(() => document.querySelector('h1').append('after'))</script>"
    )
    assert await visit.text("h1") == "after"


async def test_endless_requests_are_waited_for_once(visit: Visit) -> None:
    """Long polling costs one capped wait; afterwards, and on the next page, it is known for what it is."""
    hold = asyncio.Event()

    async def poll(_request: web.Request) -> web.Response:
        await hold.wait()
        return web.Response(text="")

    visit.site.add("/poll", poll)
    visit.site.add("/one", "<h1>one</h1><script>fetch('/poll?since=' + Math.random())</script>")
    await visit.act("navigate", url=f"{RECORDED}/one")
    first = await visit.wait_until_idle()
    assert first.busy == "requests"
    assert first.seconds < visit.settings.idle_cap_ms / 1000 + 0.5
    second = await visit.wait_until_idle()
    await visit.act("navigate", url=f"{RECORDED}/one")
    third = await visit.wait_until_idle()
    hold.set()
    assert second.busy is None
    assert third.busy is None
    assert second.seconds < 0.5
    assert third.seconds < 0.8


async def test_event_streams_are_not_waited_for(visit: Visit) -> None:
    """A stream of events from the server never ends and is not waited for."""
    hold = asyncio.Event()

    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"data: x\n\n")
        await hold.wait()
        return response

    visit.site.add("/stream", stream)
    visit.site.add("/one", "<h1>one</h1><script>new EventSource('/stream')</script>")
    await visit.act("navigate", url=f"{RECORDED}/one")
    idle = await visit.wait_until_idle()
    hold.set()
    assert idle.busy is None
    assert idle.seconds < 0.9


async def test_a_document_that_never_stops_changing_is_capped(visit: Visit) -> None:
    """A clock that ticks without end costs a bounded wait, and a short one from then on."""
    visit.site.add(
        "/one", "<h1>0</h1><script>setInterval(() => document.querySelector('h1').textContent++, 20)</script>"
    )
    await visit.act("navigate", url=f"{RECORDED}/one")
    first, second = await visit.wait_until_idle(), await visit.wait_until_idle()
    assert first.busy == second.busy == "document"
    assert first.seconds < 2
    assert second.seconds < 0.6


async def test_a_page_that_never_answers_is_capped(visit: Visit) -> None:
    """A navigation without an answer fails after its time, and the page before it stays usable."""
    hold = asyncio.Event()

    async def never(_request: web.Request) -> web.Response:
        await hold.wait()
        return web.Response(text="")

    visit.settings = replace(visit.settings, navigation_timeout_ms=1_000, idle_cap_ms=500)
    visit.site.add("/never", never)
    await visit.show(_button("location = '/never'"))
    await visit.act("click", selector=by_id("b"))
    started = time.monotonic()
    idle = await visit.wait_until_idle()
    assert idle.busy == "navigation"
    assert time.monotonic() - started < 6
    result = await visit.act("navigate", url=f"{RECORDED}/never")
    hold.set()
    assert not result.success
    assert "Timeout" in (result.error or "")


async def test_a_hung_script_meets_the_time_budget(visit: Visit) -> None:
    """A page whose script never ends costs its caps and nothing else: actions on it fail, each in bounded time."""
    await visit.show(_button("setTimeout(() => { for (;;); }, 0)"))
    await visit.act("click", selector=by_id("b"))
    started = time.monotonic()
    idle = await visit.wait_until_idle()
    assert idle.busy == "hung"
    assert not (await visit.act("click", selector=by_id("b"))).success
    assert time.monotonic() - started < 8


async def test_a_loop_of_navigations_is_capped(visit: Visit) -> None:
    """A page that goes on to itself without end is left after the cap."""
    visit.site.add("/one", "<script>setTimeout(() => location.reload(), 30)</script>")
    await visit.act("navigate", url=f"{RECORDED}/one")
    started = time.monotonic()
    await visit.session.wait_until_idle(visit.settings, 2)
    assert time.monotonic() - started < 15
