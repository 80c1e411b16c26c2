"""The page's clock, in a real browser."""

import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, Route

from score_model.replay._browser.clock import build_clock_script, compute_clock_shift_ms
from tests.arena.drivers import running_chromium

YEAR_MS = 365 * 86_400_000
NOW_US = 1_763_222_400_000_000  # 2025-11-15T16:00:00Z
TOLERANCE_MS = 20_000

OpenPage = Callable[[int], Awaitable[Page]]
one_browser = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def open_page() -> AsyncIterator[OpenPage]:
    """Opens an empty page whose time is shifted."""
    async with running_chromium() as browser:
        if browser is None:
            (pytest.fail if os.environ.get("CI") else pytest.skip)("no Chromium is installed")

        async def answer(route: Route) -> None:
            await route.fulfill(status=200, content_type="text/html", body="<!doctype html><title>empty</title>")

        async def opened(shift_ms: int) -> Page:
            context = await browser.new_context(timezone_id="UTC", locale="en-US")
            await context.route("**/*", answer)
            await context.add_init_script(build_clock_script(shift_ms))
            page = await context.new_page()
            await page.goto("http://localhost:8012/")
            return page

        yield opened


# Each is a script that gives a time in milliseconds, which must be the shifted one.
_TIMES = {
    "Date.now": "Date.now()",
    "new Date": "new Date().getTime()",
    "new Date()": "+new Date",
    "new with an empty list": "new Date(...[]).getTime()",
    "Reflect.construct": "Reflect.construct(Date, []).getTime()",
    "Date as a function": "BrowserParse(Date())",
    "a subclass": "new (class extends Date {})().getTime()",
    "a subclass of a subclass": "new (class extends (class extends Date {}) {})().getTime()",
    "an older kind of subclass": "(() => { const D = Date.bind(null); return new D().getTime(); })()",
    "the prototype's constructor": "new (new Date(0)).constructor().getTime()",
    "the prototype's constructor's now": "Date.prototype.constructor.now()",
    "a format": "BrowserParse(new Intl.DateTimeFormat('en-US', FULL).format() + ' UTC')",
    "a format of undefined": "BrowserParse(new Intl.DateTimeFormat('en-US', FULL).format(undefined) + ' UTC')",
    "a format's parts": (
        "BrowserParse(new Intl.DateTimeFormat('en-US', FULL).formatToParts().map(p => p.value).join('') + ' UTC')"
    ),
    "a frame without an address": (
        "(() => { const f = document.body.appendChild(document.createElement('iframe'));"
        " return f.contentWindow.Date.now(); })()"
    ),
    "a frame's constructor": (
        "(() => { const f = document.body.appendChild(document.createElement('iframe'));"
        " return new f.contentWindow.Date().getTime(); })()"
    ),
    "Temporal, where there is one": "globalThis.Temporal ? Temporal.Now.instant().epochMilliseconds : Date.now()",
    "Temporal's date and time": (
        "globalThis.Temporal ? Temporal.Now.zonedDateTimeISO('Asia/Tokyo').epochMilliseconds : Date.now()"
    ),
}

# Each must be true: what a page may rely on besides the time itself.
_FACTS = (
    "new Date() instanceof Date",
    "new (class Day extends Date {})() instanceof Date",
    "new (class Day extends Date { day() { return 7 } })().day() === 7",
    "Date.prototype.constructor === Date && new Date().constructor === Date",
    "Object.getPrototypeOf(new Date()) === Date.prototype",
    "Date.name === 'Date' && Date.length === 7 && typeof Date === 'function'",
    "typeof Date() === 'string' && !(Date() instanceof Date)",
    "new Date(2020, 0, 2).toISOString() === '2020-01-02T00:00:00.000Z'",
    "new Date(0).getTime() === 0 && Date.UTC(2020, 0) === 1577836800000",
    "Date.parse('2020-01-02T00:00:00Z') === 1577923200000 && new Date('2020-01-02').getTime() === 1577923200000",
    "Number.isNaN(new Date(undefined).getTime()) && Number.isNaN(new Date('no date').getTime())",
    "new Date(null).getTime() === 0 && new Date(new Date(5)).getTime() === 5",
    "Object.prototype.toString.call(new Date()) === '[object Date]'",
    "structuredClone(new Date(9)).getTime() === 9",
    "!Object.keys(Date).includes('now') && !Object.keys(globalThis).includes('Date')",
    "Date.now.name === 'now' && Date.now.length === 0",
    "new Intl.DateTimeFormat('en-US', {timeZone: 'UTC'}).format(0) === '1/1/1970'",
    "(f => f.format === f.format)(new Intl.DateTimeFormat('en-US'))",
    "[0, 86400000].map(new Intl.DateTimeFormat('en-US', {timeZone: 'UTC'}).format).join() === '1/1/1970,1/2/1970'",
    "new Date().toLocaleDateString('en-US').split('/')[2] === new Intl.DateTimeFormat('en-US').format().split('/')[2]",
)


@one_browser
async def test_every_way_to_ask_for_the_time_is_shifted(open_page: OpenPage) -> None:
    """Whatever a page asks, it is told the time of the recording; frames are told the same."""
    for shift in (-YEAR_MS, YEAR_MS // 3):
        page = await open_page(shift)
        real = float(await page.evaluate("performance.timeOrigin + performance.now()"))
        script = (
            "times => { const BrowserParse = Date.parse; const FULL = {year: 'numeric', month: 'numeric', "
            "day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric', timeZone: 'UTC'}; "
            "return Object.fromEntries(Object.entries(times).map(([name, time]) => [name, eval(time)])); }"
        )
        told: dict[str, Any] = await page.evaluate(script, _TIMES)
        wrong = {name: time for name, time in told.items() if not abs(time - real - shift) < TOLERANCE_MS}
        assert wrong == {}, (shift, real)


@one_browser
async def test_dates_stay_dates(open_page: OpenPage) -> None:
    """But for the time of now, Date and Intl behave as the browser's own: parsing, subclassing, identity, names."""
    page = await open_page(-YEAR_MS)
    false = await page.evaluate("facts => facts.filter(fact => !eval(fact))", list(_FACTS))
    assert false == []


@one_browser
async def test_the_monotonic_clock_is_left_alone(open_page: OpenPage) -> None:
    """Timers and `performance` measure as ever, and the shifted clock goes on at the same pace."""
    page = await open_page(-YEAR_MS)
    waited = await page.evaluate(
        "async () => { const p = performance.now(), d = Date.now();"
        " await new Promise(done => setTimeout(done, 120));"
        " return [performance.now() - p, Date.now() - d]; }"
    )
    assert all(100 < milliseconds < 5_000 for milliseconds in waited)
    assert abs(waited[0] - waited[1]) < 50


@one_browser
async def test_cookies_live_by_the_page_s_clock(open_page: OpenPage) -> None:
    """A cookie that expires in the page's future is kept although it lies in the browser's past, and the reverse."""
    page = await open_page(-YEAR_MS)
    kept = await page.evaluate(
        """() => {
            const at = ms => new Date(Date.now() + ms).toUTCString();
            document.cookie = `hour=1; expires=${at(3600e3)}; path=/`;
            document.cookie = `gone=1; Path=/; Expires=${at(-3600e3)}`;
            document.cookie = "session=a=b";
            document.cookie = "deleted=1";
            document.cookie = "deleted=; expires=Thu, 01 Jan 1970 00:00:00 GMT";
            document.cookie = "odd=1; expires=some day";
            document.cookie = "aged=1; max-age=60";
            return document.cookie.split("; ").sort();
        }"""
    )
    assert kept == ["aged=1", "hour=1", "odd=1", "session=a=b"]


@one_browser
async def test_a_worker_keeps_the_browser_s_time(open_page: OpenPage) -> None:
    """Init scripts do not reach workers: there the time is the browser's, as documented."""
    page = await open_page(-YEAR_MS)
    told = await page.evaluate(
        "() => new Promise(done => { const w = new Worker(URL.createObjectURL(new Blob(['postMessage(Date.now())'])));"
        " w.onmessage = message => done(message.data); })"
    )
    real = await page.evaluate("performance.timeOrigin + performance.now()")
    assert abs(told - real) < TOLERANCE_MS


@one_browser
async def test_popups_and_reloads_are_shifted(open_page: OpenPage) -> None:
    """Every document of the context is shifted: after a reload, and in a window that a page opens."""
    page = await open_page(-YEAR_MS)
    await page.reload()
    async with page.expect_popup() as opening:
        await page.evaluate("() => { open('/other'); }")
    popup = await opening.value
    await popup.wait_for_load_state()
    for document in (page, popup):
        told, real = await document.evaluate("[Date.now(), performance.timeOrigin + performance.now()]")
        assert abs(told - real + YEAR_MS) < TOLERANCE_MS


def test_the_shift_leads_to_the_solution_s_creation() -> None:
    """The shift is creation minus now, and none where the clock is the real one or the creation unknown."""
    assert compute_clock_shift_ms("recorded", NOW_US - 5_000_000, NOW_US) == -5_000
    assert compute_clock_shift_ms("recorded", NOW_US + 1_500, NOW_US) == 1
    assert compute_clock_shift_ms("now", NOW_US - 5_000_000, NOW_US) == 0
    assert compute_clock_shift_ms("recorded", None, NOW_US) == 0
    assert json.dumps(-5_000) in build_clock_script(-5_000)
