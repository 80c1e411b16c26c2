"""Texts, options and keys reach the fields that they were recorded for, or fail in one line."""

from typing import Any

import pytest

from tests.replay.drivers import Visit, by_id
from tests.replay.fake_services import RECORDED

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _log(visit: Visit) -> list[str]:
    return [line for line in (await visit.text("#log")).splitlines() if line.strip()]


@pytest.mark.parametrize(
    ("name", "text"),
    [("name", "naïve 🎬 'quoted'"), ("notes", "two\nlines"), ("number", "12.5"), ("day", "2025-11-07"), ("name", "")],
)
async def test_input_replaces_a_text(visit: Visit, name: str, text: str) -> None:
    """A field is cleared and gets the text, and the page hears of it."""
    await visit.open("/form")
    result = await visit.do("input", text=text, selector=by_id(name))
    assert result.success, result.error
    assert await visit.page.input_value(f"#{name}") == text
    heard = await visit.page.locator("#log li").all_text_contents()
    assert any(line.startswith(f"input {name}") for line in heard)


async def test_input_in_rich_text_labels_and_the_focus(visit: Visit) -> None:
    """Editable elements are filled, a label stands for its field, and without a selector the focused field is meant."""
    await visit.open("/form")
    assert (await visit.do("type", text="new", selector=by_id("rich"))).success
    assert await visit.text("#rich") == "new"
    assert (await visit.do("type", value="by label", selector=by_id("label"))).success
    assert await visit.page.input_value("#name") == "by label"
    await visit.do("click", selector=by_id("notes"))
    assert (await visit.do("type", text="focused")).success
    assert await visit.page.input_value("#notes") == "focused"


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"text": "x", "selector": by_id("locked")}, "not editable"),
        ({"text": "x", "selector": by_id("off")}, "not enabled"),
        ({"text": "x", "selector": by_id("form")}, "not an <input>"),
        ({"text": "no number", "selector": by_id("number")}, "Cannot type text"),
        ({"text": "x"}, "no field has the focus"),
        ({"selector": by_id("name")}, "no text"),
    ],
)
async def test_input_that_can_not_be_done(visit: Visit, attributes: dict[str, Any], reason: str) -> None:
    """A field that takes no such text stays as it was, and the reason is said."""
    await visit.open("/form")
    result = await visit.act("type", **attributes)
    assert not result.success
    assert reason in (result.error or "")


@pytest.mark.parametrize(
    ("kind", "given", "chosen"),
    [
        ("selectdropdownoption", "Paris", "p1"),
        ("selectdropdownoption", "paris", "p1"),
        ("selectdropdownoption", " Paris ", "p1"),
        ("selectdropdownoption", "Lyon", "l2"),  # the label wins over a value
        ("selectdropdownoption", "r3", "r3"),
        ("selectdropdownoption", "rome", "r3"),  # part of a label
        ("selectdropdownoption", "são", "x4"),
        ("select", "Lyon", "Lyon"),  # here the value wins
        ("select", "Paris", "p1"),
    ],
)
async def test_options(visit: Visit, kind: str, given: str, chosen: str) -> None:
    """An option is chosen by label, value or part of a label, in the action's order, and the page hears of it."""
    await visit.open("/form")
    result = await visit.do(kind, text=given, selector=by_id("city"), timeout_ms=1000)
    assert result.success, result.error
    assert await visit.page.input_value("#city") == chosen
    assert "change city true" in [
        text.replace("false", "true") for text in await visit.page.locator("#log li").all_text_contents()
    ]


async def test_drop_downs_by_their_wrapper_and_what_is_none(visit: Visit) -> None:
    """A wrapper stands for its drop-down; an unknown option, and what is no drop-down, are failures."""
    await visit.open("/form")
    assert (await visit.do("selectdropdownoption", text="large", selector=by_id("wrapper"))).success
    assert await visit.page.input_value("#size") == "Large"
    for name, text, reason in (
        ("city", "Berlin", "no option 'Berlin' among 6"),
        ("name", "x", "no drop-down"),
        ("city", None, "no option"),
    ):
        result = await visit.act("selectdropdownoption", text=text, selector=by_id(name))
        assert not result.success
        assert reason in (result.error or "")
    assert not (await visit.act("select", value="x")).success


async def test_options_are_read(visit: Visit) -> None:
    """Reading a drop-down gives its options and changes nothing."""
    await visit.open("/form")
    result = await visit.act("get_dropdown_options", selector=by_id("city"))
    assert result.success
    assert [option["label"] for option in result.value][:3] == ["Choose…", "Paris", "Second largest"]
    assert [option["selected"] for option in result.value] == [True, *[False] * 5]
    assert await visit.page.locator("#log li").count() == 0


async def test_submit_presses_enter(visit: Visit) -> None:
    """Submitting a field sends its form, and the page that answers is the one at rest."""
    await visit.open("/form")
    visit.site.add("/sent", "<h1>thanks</h1>")
    assert (await visit.do("submit", selector=by_id("name"))).success
    assert visit.page.url.startswith(f"{RECORDED}/sent?name=old")


async def test_keys_and_chords(visit: Visit) -> None:
    """Keys and chords reach the focused field in any usual spelling; what is neither is typed."""
    await visit.open("/form")
    await visit.do("click", selector=by_id("name"))
    for keys in ("Control+A", "Delete", "x", "Shift+Y", "hello world", "backspace", "+", "ctrl+a", "End", "!"):
        result = await visit.act("input", keys=keys)
        assert result.success, (keys, result.error)
    assert await visit.page.input_value("#name") == "xYhello worl+!"
    assert (await visit.act("send_keys", keys="Tab")).success
    assert await visit.page.evaluate("document.activeElement.id") == "notes"
    assert (await visit.do("send_keys", keys="PageDown", selector=by_id("rich"))).success
    assert await visit.page.evaluate("document.activeElement.id") == "rich"
    assert not (await visit.act("send_keys")).success


async def test_a_key_is_held(visit: Visit) -> None:
    """A key is held for its time, or until it is released."""
    await visit.show(
        "<pre id=log></pre><script>for (const n of ['keydown', 'keyup']) "
        "document.addEventListener(n, e => log.append(`${n} ${e.key}\\n`))</script>"
    )
    assert (await visit.act("hold_key", key="shift", duration_ms=50)).success
    assert await _log(visit) == ["keydown Shift", "keyup Shift"]
    assert (await visit.act("hold_key", key="a")).success
    assert (await _log(visit))[2:] == ["keydown a"]
    assert (await visit.act("hold_key", key="a", release=True)).success
    assert (await _log(visit))[3:] == ["keyup a"]
    assert (await visit.act("hold_key", key="Control")).success
    assert (await visit.act("hold_key", release=True)).success
    assert (await _log(visit))[-1] == "keyup Control"
    assert not (await visit.act("hold_key")).success
    assert not (await visit.act("hold_key", key="no such key")).success
