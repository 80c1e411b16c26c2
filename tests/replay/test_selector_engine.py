"""Descriptions of the targets of actions, in a real browser."""

import asyncio
from typing import Any

import pytest

from tests.replay.drivers import RecordedVisit, Visit

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _target(recording: RecordedVisit, css: str) -> dict[str, Any]:
    return await recording.recorder.target(recording.page.locator(css))


async def test_a_button(visit: Visit) -> None:
    """A target has its tag, role, name, text, state, box and attributes."""
    recording = await RecordedVisit.start(visit)
    await recording.show(
        "<style>body{margin:0}</style><button id=b class='x y' style='position:absolute;left:10px;top:20px;width:100px;"
        "height:30px;border:0'>Save  <b>film</b></button>"
    )
    assert await _target(recording, "#b") == {
        "found": True,
        "tag": "button",
        "role": "button",
        "name": "Save film",
        "text": "Save film",
        "visible": True,
        "enabled": True,
        "box": [10, 20, 100, 30],
        "attributes": {"id": "b", "class": "x y"},
    }


async def test_nothing_found(visit: Visit) -> None:
    """An element that is not there is not waited for."""
    recording = await RecordedVisit.start(visit)
    await recording.show("")
    clock = asyncio.get_running_loop().time
    start = clock()
    assert await _target(recording, "#missing") == {"found": False}
    assert clock() - start < 1.5


async def test_hidden_and_disabled(visit: Visit) -> None:
    """What can't be seen or used is told apart from what can."""
    recording = await RecordedVisit.start(visit)
    await recording.show(
        "<p id=none style='display:none'>x</p><p id=invisible style='visibility:hidden'>x</p><i id=empty></i>"
        "<button id=off disabled>x</button><fieldset disabled><input id=set></fieldset><div aria-disabled=true>"
        "<a href=# id=aria>x</a></div><p id=seen>x"
    )
    seen = {name: await _target(recording, f"#{name}") for name in ("none", "invisible", "empty", "off", "seen")}
    assert [name for name, target in seen.items() if target["visible"]] == ["off", "seen"]
    used = [await _target(recording, f"#{name}") for name in ("off", "set", "aria", "seen")]
    assert [target["enabled"] for target in used] == [False, False, False, True]


@pytest.mark.parametrize(
    ("html", "role", "name"),
    [
        ("<a id=t href=/x title=hint>Films</a>", "link", "Films"),
        ("<a id=t>Films</a>", None, ""),
        ("<label>Year <input id=t></label>", "textbox", "Year"),
        ("<label for=t>Year</label><input id=t type=number>", "spinbutton", "Year"),
        ("<input id=t placeholder='Search films' type=search>", "searchbox", "Search films"),
        ("<input id=t type=submit value=Send>", "button", "Send"),
        (
            "<b id=l>Genre</b> <b id=m>of film</b><select id=t aria-labelledby='l m'></select>",
            "combobox",
            "Genre of film",
        ),
        ("<select id=t multiple aria-label=Genres></select>", "listbox", "Genres"),
        ("<div id=t role=tab aria-label='  First '>x</div>", "tab", "First"),
        ("<button id=t><img alt=Delete></button>", "button", "Delete"),
        ("<img id=t alt='A poster'>", "img", "A poster"),
        ("<h2 id=t>Top <script>1</script>ten</h2>", "heading", "Top ten"),
        ("<textarea id=t title=Notes></textarea>", "textbox", "Notes"),
        ("<form id=t><input name=id><input name=getAttribute></form>", "form", ""),
    ],
)
async def test_roles_and_names(visit: Visit, html: str, role: str | None, name: str) -> None:
    """Roles and names are those that users of assistive technology get, for the elements that solutions act on."""
    recording = await RecordedVisit.start(visit)
    await recording.page.set_content(html)
    target = await _target(recording, "#t")
    assert (target["role"], target["name"]) == (role, name)


async def test_what_fields_hold(visit: Visit) -> None:
    """Fields tell their value and its length, of passwords the length alone, lists the label, boxes their state."""
    recording = await RecordedVisit.start(visit)
    await recording.show(
        "<input id=a value=abc><input id=p type=password value=secret><select id=s><option value=1>One</select>"
        "<input type=checkbox id=c checked><textarea id=t></textarea>"
    )
    await recording.page.fill("#t", "x" * 5_000)
    values = [
        {key: target.get(key) for key in ("value", "value_length", "label", "checked") if key in target}
        for target in [await _target(recording, f"#{name}") for name in "apsc"]
    ]
    assert values == [
        {"value": "abc", "value_length": 3},
        {"value_length": 6},
        {"value": "1", "value_length": 1, "label": "One"},
        {"value": "on", "value_length": 2, "checked": True},
    ]
    long = await _target(recording, "#t")
    assert (long["value_length"], len(long["value"])) == (5_000, 120)


async def test_shadow_roots_and_frames(visit: Visit) -> None:
    """Targets in open shadow roots and in frames are described as all others."""
    recording = await RecordedVisit.start(visit)
    recording.serve("/frame", "<button id=framed>Framed</button>")
    page = await recording.show(
        "<div id=host></div><iframe src=/frame></iframe>"
        "<script>host.attachShadow({mode: 'open'}).innerHTML ="
        " '<b id=l>Shade</b><button id=t aria-labelledby=l>x'</script>"
    )
    assert (await _target(recording, "#t"))["name"] == "Shade"
    framed = await recording.recorder.target(page.frame_locator("iframe").locator("#framed"))
    assert (framed["role"], framed["name"]) == ("button", "Framed")


async def test_the_page_does_not_notice(visit: Visit) -> None:
    """Asking for a target neither changes the page, nor moves focus or scroll, nor can be heard by it."""
    recording = await RecordedVisit.start(visit)
    page = await recording.show(
        """<div style='height:3000px'></div><button id=b>Far</button><script>
        window.noticed = [];
        for (const name of ['dispatchEvent', 'addEventListener'])
          EventTarget.prototype[name] = function () { noticed.push(name) };
        for (const name of ['querySelectorAll', 'getBoundingClientRect', 'getAttribute'])
          Element.prototype[name] = function () { noticed.push(name) };
        for (const type in window) if (type.startsWith('on')) window[type] = (event) => noticed.push(event.type);
        noticed.length = 0;
        new MutationObserver(() => noticed.push('mutated')).observe(document, {subtree: true, attributes: true});
        </script>"""
    )
    await asyncio.sleep(0.1)
    await page.evaluate("noticed.length = 0")
    assert (await _target(recording, "#b"))["name"] == "Far"
    assert await page.evaluate("[noticed.join(), scrollY, document.activeElement.tagName]") == ["", 0, "BODY"]


async def test_one_after_the_other(visit: Visit) -> None:
    """Questions that are asked at once each get their own answer."""
    recording = await RecordedVisit.start(visit)
    await recording.show("".join(f"<button id=b{n}>Button {n}</button>" for n in range(8)))
    targets = await asyncio.gather(*(_target(recording, f"#b{n}") for n in range(8)))
    assert [target["name"] for target in targets] == [f"Button {n}" for n in range(8)]


async def test_enormous_elements(visit: Visit) -> None:
    """The text of an element that holds the whole page is read only as far as it is kept."""
    recording = await RecordedVisit.start(visit)
    await recording.page.set_content("<main id=m></main>")
    await recording.page.evaluate("m.innerHTML = '<p>word '.repeat(10_000); m.title = 'x'.repeat(1e6)")
    clock = asyncio.get_running_loop().time
    start = clock()
    target = await _target(recording, "#m")
    assert clock() - start < 5
    assert len(target["text"]) == 120
    assert len(target["attributes"]["title"]) == 120
