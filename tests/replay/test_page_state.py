"""Snapshots of pages, in a real browser."""

import asyncio
from contextlib import suppress

import pytest
from aiohttp import web
from playwright.async_api import Error

from tests.replay.drivers import RecordedVisit, Visit
from tests.replay.fake_services import RECORDED

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _html(recording: RecordedVisit) -> str:
    snapshot = await recording.recorder.snapshot(recording.page)
    assert (snapshot.error, snapshot.cut, snapshot.whole) == (None, False, True)
    assert snapshot.html is not None
    return snapshot.html


async def test_a_plain_page_is_its_markup(visit: Visit) -> None:
    """A page whose fields hold what its markup says is taken as the browser writes it."""
    recording = await RecordedVisit.start(visit)
    page = await recording.show("<p class='a b'>Zoë &amp; «co» <!-- note --><input value=1><textarea>x</textarea>")
    snapshot = await recording.recorder.snapshot(page)
    assert snapshot.html == await page.content()
    assert (snapshot.url, snapshot.title) == (f"{RECORDED}/shown", "Shown")


async def test_what_fields_hold(visit: Visit) -> None:
    """Typed values, checked boxes and selected options are in the snapshot as attributes."""
    recording = await RecordedVisit.start(visit)
    page = await recording.show(
        "<input id=a value=old><input id=b type=checkbox><input id=c type=checkbox checked><input type=radio name=r "
        "checked><input id=d type=radio name=r><select id=e><option>One<option>Two</select><select multiple id=f>"
        "<option selected>X<option>Y</select><textarea id=g>old</textarea><input id=h type=range><input type=file>"
    )
    await page.fill("#a", 'it\'s <"new">')
    await page.check("#b")
    await page.uncheck("#c")
    await page.check("#d")
    await page.select_option("#e", "Two")
    await page.select_option("#f", ["Y"])
    await page.fill("#g", "\nnew <b>")
    html = await _html(recording)
    for expected in (
        '<input id="a" value="it\'s <&quot;new&quot;>">',
        '<input id="b" type="checkbox" checked="">',
        '<input id="c" type="checkbox">',
        '<input type="radio" name="r">',
        '<input id="d" type="radio" name="r" checked="">',
        '<option>One</option><option selected="">Two</option>',
        '<option>X</option><option selected="">Y</option>',
        "new &lt;b&gt;</textarea>",
        '<input id="h" type="range" value="50">',
        '<input type="file">',
    ):
        assert expected.replace("<&quot;", "&lt;&quot;").replace("&quot;>", "&quot;&gt;") in html.replace(
            "<&quot;", "&lt;&quot;"
        ).replace('&quot;>"', '&quot;&gt;"'), expected


async def test_shadow_roots(visit: Visit) -> None:
    """Open shadow roots, nested ones and their fields too, are where parsers expect them; closed ones stay closed."""
    recording = await RecordedVisit.start(visit)
    page = await recording.show(
        """<div id=host>light</div><div id=closed></div><script>
        const root = host.attachShadow({mode: 'open'});
        root.innerHTML = '<input id=inner><p id=deep></p><slot></slot>';
        root.getElementById('deep').attachShadow({mode: 'open'}).innerHTML = '<i>deepest</i>';
        closed.attachShadow({mode: 'closed'}).innerHTML = 'hidden';
        </script>"""
    )
    await page.fill("#inner", "typed")
    html = await _html(recording)
    assert (
        '<div id="host"><template shadowrootmode="open"><input id="inner" value="typed"><p id="deep">'
        '<template shadowrootmode="open"><i>deepest</i></template></p><slot></slot></template>light</div>'
        '<div id="closed"></div>'
    ) in html


async def test_frames(visit: Visit) -> None:
    """Frames of the same origin follow their element, with what their fields hold; those of others stay out."""
    recording = await RecordedVisit.start(visit)
    recording.serve("/inner", "<title>In</title><input id=i><iframe srcdoc='<b>innermost</b>'></iframe>")
    page = await recording.show(
        "<iframe id=same src=/inner></iframe><iframe id=sandboxed sandbox src=/inner></iframe><iframe></iframe>"
    )
    await page.frame_locator("#same").locator("#i").fill("typed")
    html = await _html(recording)
    assert (
        '<iframe id="same" src="/inner"></iframe><inlined-frame src="http://localhost:8012/inner">'
        '<input id="i" value="typed">'
        '<iframe srcdoc="<b>innermost</b>"></iframe><inlined-frame src="about:srcdoc"><b>innermost</b></inlined-frame>'
        "</inlined-frame>"
    ) in html.replace("&lt;", "<").replace("&gt;", ">")
    assert html.count("<inlined-frame") == 2


async def test_the_page_is_not_touched(visit: Visit) -> None:
    """Neither observers, nor custom elements, nor the server notice a snapshot, and a second one is the same."""
    recording = await RecordedVisit.start(visit)
    recording.serve("/picture", "", "image/png")
    page = await recording.show(
        """<input id=i><x-seen></x-seen><img src=/picture><video src=/picture></video><object data=/picture></object>
        <link rel=stylesheet href=/style><div id=host></div><iframe src=/picture></iframe><script>
        window.noticed = [];
        customElements.define('x-seen', class extends HTMLElement {
          constructor() { super(); noticed.push('made') }
          connectedCallback() { noticed.push('connected') }
          attributeChangedCallback() { noticed.push('changed') }
          adoptedCallback() { noticed.push('adopted') }
          static observedAttributes = ['value', 'id'];
        });
        host.attachShadow({mode: 'open'}).innerHTML = '<x-seen></x-seen><img src=/picture?2><script>1</scr' + 'ipt>';
        noticed.length = 0;
        new MutationObserver(() => noticed.push('mutated'))
          .observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
        for (const type of ['focusin', 'selectionchange', 'input', 'load', 'error', 'DOMNodeInserted', 'reset'])
          document.addEventListener(type, () => noticed.push(type), true);
        </script>"""
    )
    await asyncio.sleep(0.2)
    await page.evaluate("i.value = 'typed'")
    await asyncio.sleep(0.1)
    await page.evaluate("noticed.length = 0")
    asked = recording.visit.site.paths()
    first = await _html(recording)
    second = await _html(recording)
    await asyncio.sleep(0.2)
    assert first == second
    assert 'value="typed"' in first
    assert '<template shadowrootmode="open"><x-seen></x-seen>' in first
    assert await page.evaluate("noticed") == []
    assert recording.visit.site.paths() == asked
    assert await page.evaluate("i.getAttribute('value')") is None


async def test_the_cap(visit: Visit) -> None:
    """A longer page is cut at the cap in bytes, between characters, and says so."""
    recording = await RecordedVisit.start(visit, snapshot_bytes=10_000)
    page = await recording.show(f"<p>{'é' * 30_000}</p>")
    snapshot = await recording.recorder.snapshot(page)
    assert snapshot.cut
    kept, _, marker = str(snapshot.html).partition("<!--")
    assert 9_998 <= len(kept.encode()) <= 10_000
    assert marker.startswith(" cut here: ")
    await recording.show("<p>short</p>", "/short")
    assert (await recording.recorder.snapshot(page)).cut is False


async def test_characters_that_no_text_can_hold(visit: Visit) -> None:
    """Half a surrogate pair in the page is replaced: every snapshot is a text that UTF-8 can hold."""
    recording = await RecordedVisit.start(visit)
    page = await recording.show("<p id=p></p><input id=i>")
    await page.evaluate("p.textContent = 'a\\ud800b'; document.title = '\\udc00'; i.value = 'x\\ud83d'")
    snapshot = await recording.recorder.snapshot(page)
    assert "a\ufffdb" in str(snapshot.html)
    assert str(snapshot.html).encode()
    assert snapshot.title == "\ufffd"


async def test_enormous_and_deep_pages(visit: Visit) -> None:
    """Hundreds of thousands of elements, and elements nested deeper than any parser nests, end in time and cut."""
    recording = await RecordedVisit.start(visit, snapshot_bytes=1 << 20)
    page = await recording.show("<div id=d hidden></div><input id=i>")
    await page.evaluate("d.innerHTML = '<q>x</q>'.repeat(250_000); i.value = 'typed'")
    snapshot = await recording.recorder.snapshot(page)
    assert (snapshot.error, snapshot.cut, snapshot.whole) == (None, True, False)
    await page.evaluate(
        "() => { d.remove(); let at = document.body; i.remove();"
        " for (let n = 0; n < 1_000; n++) at = at.appendChild(document.createElement('div')); }"
    )
    assert str((await recording.recorder.snapshot(page)).html).count("<div>") == 1_000


async def test_other_documents(visit: Visit) -> None:
    """Pictures, plain text and XML have snapshots as well, and so has a page that could not be loaded."""
    recording = await RecordedVisit.start(visit)
    for path, content, kind, expected in (
        ("/xml", "<a><b x='1'/></a>", "application/xml", '<b x="1"'),
        ("/text", "plain <text>", "text/plain", "plain &lt;text&gt;"),
        ("/svg", "<svg xmlns='http://www.w3.org/2000/svg'><title>T</title></svg>", "image/svg+xml", "<svg"),
    ):
        await recording.page.goto(recording.serve(path, content, kind))
        assert expected in await _html(recording), path


async def test_amid_navigation(visit: Visit) -> None:
    """While documents give way to each other without a pause, a snapshot is of one of them."""

    async def slowly(_request: web.Request) -> web.Response:
        await asyncio.sleep(0.02)
        text = "<p>page</p><script>setTimeout(() => location.reload(), 60)</script>"
        return web.Response(text=text, content_type="text/html")

    recording = await RecordedVisit.start(visit)
    page = recording.page
    await page.goto(recording.serve("/slowly", slowly))
    for _ in range(6):
        snapshot = await recording.recorder.snapshot(page)
        assert snapshot.error is None, snapshot
        await asyncio.sleep(0.03)
    with suppress(Error):  # a reload that is under way may win over this, which only ends the loop
        await page.goto(recording.serve("/end", "end"))


async def test_pages_that_lay_traps(visit: Visit) -> None:
    """Code of the page can't be made to run by a snapshot, however it is laid out."""
    recording = await RecordedVisit.start(visit)
    await recording.show(
        """<x-trap id=t></x-trap><form id=f><input name=outerHTML><input name=shadowRoot><input name=children></form>
        <img name=documentElement><img name=implementation><form name=doctype></form><script>
        const trap = () => { for (;;); };
        customElements.define('x-trap', class extends HTMLElement {
          get shadowRoot() { trap() }
          get localName() { trap() }
        });
        for (const name of ['toString', 'valueOf', 'html', 'length', '0', '1', 'changes', 'count'])
          Object.defineProperty(Object.prototype, name, {__proto__: null, configurable: true, get: trap, set: trap});
        </script>"""
    )
    assert "x-trap" in await _html(recording)


async def test_a_closed_page(visit: Visit) -> None:
    """A page that was closed has no snapshot, and that is said."""
    recording = await RecordedVisit.start(visit)
    other = await visit.session.context.new_page()
    await recording.recorder.ready()
    await other.close()
    snapshot = await recording.recorder.snapshot(other)
    assert snapshot.html is None
    assert snapshot.error
