"""The recorder's runtime events, on local pages in a real browser."""

import asyncio
import json

import pytest
from aiohttp import web
from playwright.async_api import Error

from tests.replay.drivers import IDENTITY, RecordedVisit, Visit
from tests.replay.fake_services import RECORDED

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_requests_and_responses(visit: Visit) -> None:
    """Requests have method, URL, type and what was sent, answers their status, and JSON answers their body."""

    async def echo(request: web.Request) -> web.Response:
        return web.json_response({"got": (await request.json())["film"], "token": "t0ps3cret"})

    recording = await RecordedVisit.start(visit)
    recording.serve("/echo", echo)
    page = await recording.show("<h1>Films</h1>")
    await page.evaluate(
        "fetch('/echo?q=1', {method: 'POST', body: JSON.stringify({film: 'Alien', password: 'hunter2'})})"
    )
    events = await recording.events("request", "response")
    assert [event["event_type"] for event in events] == ["request", "response"]
    assert [event["page"] for event in events] == [0, 0]
    sent, answered = (event["data"] for event in events)
    assert sent == {
        "method": "POST",
        "url": f"{RECORDED}/echo?q=1",
        "resource_type": "fetch",
        "post_data": '{"film":"Alien","password":"***"}',
        "post_bytes": 37,
    }
    assert (answered["status"], answered["ok"], answered["url"]) == (200, True, f"{RECORDED}/echo?q=1")
    assert json.loads(answered["body"]) == {"got": "Alien", "token": "***"}
    assert answered["body_bytes"] > len(answered["body"])


async def test_headers_are_never_recorded(visit: Visit) -> None:
    """Neither the identity that goes with every request nor cookies and credentials are in the events."""

    async def cookie(_request: web.Request) -> web.Response:
        return web.json_response({}, headers={"Set-Cookie": "session=c00kie", "X-Validator-Id": "9"})

    recording = await RecordedVisit.start(visit)
    await recording.page.goto(recording.serve("/cookie", cookie))
    await recording.page.evaluate("fetch('/cookie', {headers: {Authorization: 'Bearer s3cret'}})")
    text = json.dumps(await recording.events())
    assert "/cookie" in text
    assert not [word for word in (*IDENTITY, *IDENTITY.values(), "c00kie", "s3cret") if word in text and len(word) > 1]


async def test_failed_and_refused_requests(visit: Visit) -> None:
    """A request that gets no answer is recorded with the reason, a page that can't be reached as an error."""
    recording = await RecordedVisit.start(visit)
    page = await recording.show("<script>fetch('http://elsewhere.example/x').catch(() => {})</script>")
    with pytest.raises(Error):
        await page.goto("http://elsewhere.example/page")
    events = await recording.events("requestfailed", "navigation")
    failed = [event["data"] for event in events if event["event_type"] == "requestfailed"]
    assert [(data["url"], data["error"]) for data in failed] == [
        ("http://elsewhere.example/page", "net::ERR_NAME_NOT_RESOLVED")
    ]
    assert [event["data"] for event in events if event["event_type"] == "navigation"] == [
        {"url": "http://elsewhere.example/page", "how": "error"}
    ]


async def test_navigation_in_every_way(visit: Visit) -> None:
    """Documents, redirects, and pushes, replacements and steps back in the history are told apart."""

    async def moved(_request: web.Request) -> web.Response:
        raise web.HTTPFound("/there")

    recording = await RecordedVisit.start(visit)
    recording.serve("/moved", moved)
    recording.serve("/there", "<h1>There</h1><iframe src=/frame></iframe>")
    recording.serve("/frame", "<script>history.pushState(0, '', '?frame')</script>")
    await recording.page.goto(f"{RECORDED}/moved")
    await recording.page.evaluate(
        "history.pushState(0, '', '?a'); history.replaceState(0, '', '?b'); location.hash = 'c'"
    )
    await recording.page.go_back()
    events = await recording.events("navigation", "request")
    assert [
        (event["data"]["how"], event["data"]["url"]) for event in events if event["event_type"] == "navigation"
    ] == [
        ("document", f"{RECORDED}/there"),
        ("push", f"{RECORDED}/there?a"),
        ("replace", f"{RECORDED}/there?b"),
        ("push", f"{RECORDED}/there?b#c"),
        ("traverse", f"{RECORDED}/there?b"),
    ]
    assert events[1]["data"]["redirected_from"] == f"{RECORDED}/moved"


async def test_console_and_errors(visit: Visit) -> None:
    """Messages are recorded as the console shows them, uncaught errors and rejections with their place."""
    recording = await RecordedVisit.start(visit)
    await recording.show(
        "<script>console.log('film', {year: 1994, tags: ['a']}, [1, 'b'], null, undefined, true);"
        "console.warn('x'.repeat(5000));"
        "Promise.reject(new Error('nobody\\nminds'))\n;setTimeout(() => { throw new TypeError('boom') })</script>"
    )
    await recording.page.reload()
    logged, warned, *errors = await recording.data("console", "pageerror")
    assert logged == {"type": "log", "text": "film {year: 1994, tags: Array(1)} [1, b] null undefined true"}
    assert (warned["type"], len(warned["text"])) == ("warning", 1000)
    assert sorted((error["name"], error["message"]) for error in errors) == [("Error", "nobody"), ("TypeError", "boom")]
    assert all(error["place"].startswith(f"{RECORDED}/shown:") for error in errors)


async def test_dialogs_do_not_hold_the_page(visit: Visit) -> None:
    """Each dialog is recorded with what it asks, and the replay's own answer to it stands."""
    recording = await RecordedVisit.start(visit)
    page = await recording.show("")
    answers = await page.evaluate("[alert('one'), confirm('two'), prompt('three', 'preset')]")
    assert answers == [None, False, None]
    assert await recording.data("dialog") == [
        {"type": "alert", "message": "one", "default": ""},
        {"type": "confirm", "message": "two", "default": ""},
        {"type": "prompt", "message": "three", "default": "preset"},
    ]


async def test_downloads_popups_and_their_end(visit: Visit) -> None:
    """A download is recorded, and a popup is a page of its own, with events, until it closes."""
    recording = await RecordedVisit.start(visit)
    recording.serve("/file", "a,b", "application/x-thing")
    recording.serve("/popup", "<button onclick=\"console.log('in the popup')\">Press</button>")
    page = await recording.show("<a href=/file download=films.csv>Get</a><a id=p href=/popup target=_blank>Pop</a>")
    await page.click("text=Get")
    async with page.expect_popup() as opening:
        await page.click("#p")
    popup = await opening.value
    await recording.recorder.ready()
    await popup.click("button")
    assert (await recording.recorder.snapshot(popup)).url == f"{RECORDED}/popup"
    await popup.close()
    events = await recording.events("download", "popup", "console", "close", "dom")
    found = [(event["event_type"], event["page"], event["data"]) for event in events]
    assert ("download", 0, {"url": f"{RECORDED}/file", "filename": "films.csv"}) in found
    assert [(kind, page) for kind, page, data in found if kind in {"popup", "close"}] == [("popup", 1), ("close", 1)]
    assert ("console", 1, {"type": "log", "text": "in the popup"}) in found
    assert ("dom", 1) in [(kind, page) for kind, page, data in found if data.get("type") == "click"]


async def test_what_users_do(visit: Visit) -> None:
    """Clicks, input, changes, submits, keys and focus tell the element, also in shadow roots and frames."""
    recording = await RecordedVisit.start(visit)
    recording.serve("/frame", "<button id=framed>Framed</button>")
    page = await recording.show(
        "<form onsubmit='return false'><label>Title <input name=title></label><label><input type=checkbox id=seen> Seen"
        "</label><button>Save film</button></form><div id=host></div><iframe src=/frame></iframe>"
        "<script>host.attachShadow({mode: 'open'}).innerHTML = '<button id=shaded>Shaded</button>'</script>"
    )
    await page.fill("[name=title]", "Alien")
    await page.press("[name=title]", "Enter")
    await page.check("#seen")
    await page.click("#shaded")
    await page.frame_locator("iframe").locator("#framed").click()
    told = await recording.data("dom")
    assert all(data["trusted"] for data in told)
    title = {"tag": "input", "role": "textbox", "name": "Title", "text": "", "id": "", "field": "title"}
    of_title = [data for data in told if data["target"] == title]
    assert [data["type"] for data in of_title] == ["focusin", "input", "keydown", "change"]
    assert (of_title[1]["value"], of_title[1]["value_length"], of_title[2]["key"]) == ("Alien", 5, "Enter")
    submitted = next(data for data in told if data["type"] == "submit")
    assert (submitted["target"]["tag"], submitted["target"]["role"]) == ("form", "form")
    checked = next(data for data in told if data["type"] == "change" and data["target"]["id"] == "seen")
    assert (checked["checked"], checked["target"]["role"], checked["target"]["name"]) == (True, "checkbox", "Seen")
    clicks = {data["target"]["id"]: data for data in told if data["type"] == "click"}
    assert (clicks["shaded"]["target"]["name"], "frame" in clicks["shaded"]) == ("Shaded", False)
    assert clicks["framed"]["frame"]


async def test_the_click_that_leaves_the_page(visit: Visit) -> None:
    """What users did is recorded though the page navigates away at once."""
    recording = await RecordedVisit.start(visit)
    recording.serve("/next", "<h1>Next</h1>")
    page = await recording.show("<form action=/next><button>Go</button></form>")
    await page.click("button")
    await page.wait_for_url("**/next*")
    assert [data["type"] for data in await recording.data("dom")] == ["focusin", "click", "submit"]


async def test_mutations_are_counted_by_action(visit: Visit) -> None:
    """Each action has the changes of its own time; what the parser adds is none."""
    recording = await RecordedVisit.start(visit)
    page = await recording.show("<ul><li>1<li>2<li>3</ul>")
    assert await recording.events("mutations") == []
    recording.recorder.begin(2)
    await page.evaluate(
        "() => { const list = document.querySelector('ul'); list.append('a', 'b'); list.firstElementChild.remove();"
        " list.id = 'x'; list.className = 'y'; list.lastChild.data = 'c' }"
    )
    assert await recording.data("mutations") == [
        {"added": 2, "attributes": 2, "character_data": 1, "child_list": 2, "removed": 1}
    ]
    assert await recording.events() == []


async def test_times_and_late_events(visit: Visit) -> None:
    """Times count from the action's begin; what came between two actions is the earlier one's."""
    recording = await RecordedVisit.start(visit)
    page = await recording.show("")
    await page.evaluate("console.log('late')")
    await asyncio.sleep(0.2)
    recording.recorder.begin(2)
    await page.evaluate("console.log('in time')")
    late, in_time = await recording.events("console")
    assert late["ms"] < -100
    assert late["after_action"] == 1
    assert 0 <= in_time["ms"] < 1_000
    assert "after_action" not in in_time


async def test_caps(visit: Visit) -> None:
    """No type of event crowds out the others, nothing grows beyond its cap, and what is missing is counted."""
    recording = await RecordedVisit.start(visit, events=60, events_of_type=50, bodies=1, body_bytes=10, post_bytes=5)
    recording.serve("/json", '{"a": "a long body"}', "application/json")
    page = await recording.show("")
    await page.evaluate("for (let i = 0; i < 1000; i++) console.log(i)")
    for _ in range(2):
        await page.evaluate("fetch('/json', {method: 'POST', body: '0123456789'}).then(r => r.text())")
    events = await recording.events()
    assert [event["data"]["text"] for event in events if event["event_type"] == "console"] == [
        str(i) for i in range(50)
    ]
    assert [event["data"]["post_data"] for event in events if event["event_type"] == "request"] == ["01234…"] * 2
    bodies = [event["data"].get("body") for event in events if event["event_type"] == "response"]
    assert bodies == ['{"a": "a l…', None]
    assert events[-1]["event_type"] == "truncated"
    dropped = events[-1]["data"]["dropped"]
    assert dropped["body"] == 1
    assert dropped["console"] >= 50  # what it says beyond that is not even listened to
    recording.recorder.begin(2)
    await page.evaluate("console.log('again')")
    assert [data["text"] for data in await recording.data("console")] == ["again"]


async def test_bytes_are_capped(visit: Visit) -> None:
    """Long texts meet the action's budget of bytes, whatever their number."""
    recording = await RecordedVisit.start(visit, event_bytes=5_000)
    page = await recording.show("")
    await page.evaluate("for (let i = 0; i < 100; i++) console.log('x'.repeat(900))")
    *kept, last = await recording.events("console", "truncated")
    assert len(kept) == 5
    assert last["data"]["dropped"] == {"console": 95}


async def test_passwords_are_not_recorded(visit: Visit) -> None:
    """Of a password field only lengths are kept, in events, requests, targets and snapshots."""
    recording = await RecordedVisit.start(visit)
    page = await recording.show(
        "<form method=post><input name=user><input type=password name=password><button>In</form>"
    )
    field = page.locator("[type=password]")
    await field.fill("hunter2")
    await field.press("!")
    target = await recording.recorder.target(field)
    snapshot = await recording.recorder.snapshot(page)
    await field.press("Enter")
    await page.wait_for_load_state()
    events = await recording.events()
    assert "hunter2" not in json.dumps([events, target, snapshot.html])
    assert [event["data"]["key"] for event in events if event["data"].get("type") == "keydown"] == ["•", "Enter"]
    assert target["value_length"] == 8
    assert 'value="••••••••"' in str(snapshot.html)
    assert any(event["data"].get("post_data") == "user=&password=***" for event in events)


async def test_screenshots(visit: Visit) -> None:
    """A screenshot is a JPEG of the viewport."""
    recording = await RecordedVisit.start(visit)
    page = await recording.show("<h1>Seen</h1>")
    shot = await recording.recorder.screenshot(page)
    assert shot is not None
    assert shot.startswith(b"\xff\xd8\xff")
