"""Windows come and go, and dialogs never block."""

import asyncio

import pytest
from aiohttp import web

from tests.replay.drivers import Visit, by_id
from tests.replay.fake_services import RECORDED

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_new_pages_are_acted_on_until_they_close(visit: Visit) -> None:
    """A link to a new page, or a popup, leads to where the next action acts; once it is closed, back."""
    await visit.show("<a id=a href=/two target=_blank>x</a>", "/one")

    async def slow(_request: web.Request) -> web.Response:
        await asyncio.sleep(0.4)
        return web.Response(text="<button id=close onclick='window.close()'>two</button>", content_type="text/html")

    visit.site.add("/two", slow)
    await visit.do("click", selector=by_id("a"))
    assert visit.page.url == f"{RECORDED}/two"
    await visit.do("click", selector=by_id("close"))  # which may end before the click is reported as done
    assert visit.page.url == f"{RECORDED}/one"
    await visit.page.evaluate("window.open('/two')")
    await visit.wait_until_idle()
    assert visit.page.url == f"{RECORDED}/two"
    await visit.page.close()
    await visit.wait_until_idle()
    await visit.page.close()
    assert (await visit.do("navigate", url=f"{RECORDED}/one")).success


async def test_windows_that_show_no_site_are_not_acted_on(visit: Visit) -> None:
    """A popup without a page of a site, and more than a few popups, leave the page as it is."""
    await visit.show("<h1>one</h1>", "/one")
    await visit.page.evaluate("window.open('about:blank'); window.open('https://elsewhere.example/')")
    await visit.wait_until_idle()
    assert visit.page.url == f"{RECORDED}/one"
    await visit.page.evaluate("for (let n = 0; n < 12; n++) window.open('about:blank')")
    await visit.wait_until_idle()
    assert len(visit.session.context.pages) <= 8
    assert visit.page.url == f"{RECORDED}/one"
    assert "popup" in [kind for kind, _ in visit.refusals()]


async def test_dialogs_never_block(visit: Visit) -> None:
    """Questions of a page are declined, also while it is being left; nothing waits for them."""
    await visit.show(
        "<button id=b onclick='document.title = [alert(1), confirm(2), prompt(3)]'>x</button>"
        "<script>addEventListener('beforeunload', e => e.preventDefault())</script>"
    )
    assert (await visit.do("click", selector=by_id("b"))).success
    assert await visit.page.title() == ",false,"
    assert (await visit.do("navigate", url=f"{RECORDED}/form")).success
    assert visit.page.url == f"{RECORDED}/form"


async def test_endless_dialogs_meet_the_time_budget(visit: Visit) -> None:
    """A page that asks without end costs its caps and nothing else."""
    await visit.show("<button id=b onclick='for (;;) alert(1)'>x</button>")
    await visit.act("click", selector=by_id("b"))
    assert (await visit.wait_until_idle()).busy is not None
    assert not (await visit.act("click", selector=by_id("b"))).success
