"""Pages that work against the recorder, in a real browser."""

import asyncio
import json

import pytest
from playwright.async_api import Error

from tests.replay.drivers import RecordedVisit, Visit
from tests.replay.fake_services import RECORDED

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_pages_that_break_built_ins(visit: Visit) -> None:
    """A page that replaces every built-in that the recorder could use breaks, stops and learns nothing."""
    recording = await RecordedVisit.start(visit)
    page = await recording.show(
        """<button id=b>Buy</button><input id=i><form id=f><input name=attributes><input name=localName></form>
        <img name=body><form name=documentElement></form><form name=title></form><form name=querySelectorAll></form>
        <script>
        window.seen = [];
        const note = (name) => function () { seen[seen.length] = name; throw new Error(name) };
        EventTarget.prototype.addEventListener = note('addEventListener');
        EventTarget.prototype.dispatchEvent = note('dispatchEvent');
        MutationObserver = note('MutationObserver');
        for (const [owner, names] of [
          [JSON, ['stringify', 'parse']], [Array.prototype, ['push', 'map', 'join', 'slice']],
          [Element.prototype, ['getAttribute', 'querySelectorAll', 'matches', 'closest', 'checkVisibility']],
          [Document.prototype, ['importNode', 'querySelectorAll', 'createTreeWalker']], [Reflect, ['apply', 'get']],
          [Function.prototype, ['call', 'apply', 'bind']], [Object, ['keys', 'entries', 'fromEntries', 'assign']],
        ]) for (const name of names) owner[name] = note(name);
        for (const name of ['kind', 'type', 'target', 'value', 'toJSON', 'contextId', 'get']) {
          Object.defineProperty(Object.prototype, name, {__proto__: null, set: note('set ' + name),
            get: note('get ' + name)});
        }
        for (const name of ['value', 'outerHTML', 'shadowRoot', 'localName']) {
          for (const owner of [Element.prototype, HTMLInputElement.prototype]) {
            try { Reflect.defineProperty(owner, name, {__proto__: null, get: note('read ' + name)}) } catch {}
          }
        }
        history.pushState = note('pushState');
        console.log = note('log');
        Promise = note('Promise');
        </script>"""
    )
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.type("ab")
    await page.mouse.click(20, 20)
    described = await recording.recorder.target(page.locator("#b"))
    snapshot = await recording.recorder.snapshot(page)
    told = await recording.data("dom")
    assert (described["role"], described["name"]) == ("button", "Buy")
    assert snapshot.error is None
    assert '<input id="i" value="ab">' in str(snapshot.html)
    assert snapshot.title == "Shown"
    assert [data["value"] for data in told if data["type"] == "input"] == ["a", "ab"]
    assert [data["target"]["id"] for data in told if data["type"] == "click"] == ["b"]
    session = await visit.session.context.new_cdp_session(page)
    called = await session.send("Runtime.evaluate", {"expression": "seen", "returnByValue": True})
    assert called["result"]["value"] == []


async def test_pages_can_neither_find_nor_forge(visit: Visit) -> None:
    """The recorder leaves nothing in the page's world to call, and events that scripts dispatch are marked."""
    recording = await RecordedVisit.start(visit)
    page = await recording.show(
        "<button>Buy</button><script>window.names = Object.getOwnPropertyNames(window).filter("
        "name => /scoreModel(Tell|Instruments)/.test(name)).join();"
        "for (const type of ['click', 'focusin', 'currententrychange']) addEventListener(type, event =>"
        " event.stopImmediatePropagation(), true)</script>"
    )
    assert await page.evaluate("names") == ""
    await page.evaluate("document.querySelector('button').click()")
    await page.click("button")
    told = await recording.data("dom")
    assert [(data["type"], data["trusted"]) for data in told] == [("click", False), ("focusin", True), ("click", True)]


async def test_endless_timers_and_events(visit: Visit) -> None:
    """A page that never stops changing, logging and dispatching costs no more than the caps."""
    recording = await RecordedVisit.start(visit)
    page = await recording.show("<p id=p></p><button>Real</button>")
    await page.evaluate(
        "() => { const go = () => { console.log(1); for (let i = 0; i < 50; i++) { p.title = i; p.click() } };"
        " setInterval(go, 5); go() }"
    )
    await page.click("button")
    snapshot = await recording.recorder.snapshot(page)
    events = await recording.events()
    assert snapshot.error is None
    assert len(events) <= 500
    assert sum(len(json.dumps(event)) for event in events) < 300_000
    changes = next(event["data"] for event in events if event["event_type"] == "mutations")
    assert changes["attributes"] > 200
    dropped = events[-1]["data"]["dropped"]
    assert dropped["dom"] > 100
    real = [event for event in events if event["event_type"] == "dom" and event["data"]["trusted"]]
    assert [event["data"]["type"] for event in real] == ["focusin", "click"]


async def test_a_blocked_page_holds_nothing(visit: Visit) -> None:
    """While a page's script loops and logs without end, snapshot, target, screenshot and events end in time."""
    recording = await RecordedVisit.start(visit, snapshot_ms=300, target_ms=300, screenshot_ms=300)
    page = await recording.show("<button>Stuck</button>")
    looping = asyncio.ensure_future(page.evaluate("() => { const end = Date.now() + 5000; while (Date.now() < end); }"))
    await asyncio.sleep(0.1)
    clock = asyncio.get_running_loop().time
    start = clock()
    snapshot, target, shot = await asyncio.gather(
        recording.recorder.snapshot(page),
        recording.recorder.target(page.locator("button")),
        recording.recorder.screenshot(page),
    )
    assert clock() - start < 4.5
    assert (snapshot.html, snapshot.url) == (None, f"{RECORDED}/shown")
    assert "did not answer" in str(snapshot.error)
    assert "did not answer" in target["error"]
    assert shot is None
    recording.recorder.take()
    await looping
    assert "Stuck" in str((await recording.recorder.snapshot(page)).html)


async def test_a_crashed_page(visit: Visit) -> None:
    """A page that crashes is an event, and its snapshot says that there is none."""
    recording = await RecordedVisit.start(visit, snapshot_ms=300)
    page = await recording.show("")
    with pytest.raises(Error):
        await page.goto("chrome://crash")
    assert [event["event_type"] for event in await recording.events("crash")] == ["crash"]
    assert (await recording.recorder.snapshot(page)).html is None


async def test_a_page_that_writes_itself_anew(visit: Visit) -> None:
    """document.open takes a page's listeners away, but what users do is recorded on."""
    recording = await RecordedVisit.start(visit)
    page = await recording.show("")
    await page.evaluate("document.open(); document.write('<button id=b>New</button>'); document.close()")
    await page.click("#b")
    assert "click" in [data["type"] for data in await recording.data("dom")]
    assert (await recording.recorder.target(page.locator("#b")))["name"] == "New"
