"""Every action of the vocabulary does with real input what it was recorded for, or fails in one line."""

import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from score_model.contract import parse_action
from score_model.replay import ReplaySettings, perform
from tests.replay.drivers import Visit, by_id
from tests.replay.fake_services import RECORDED

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _log(visit: Visit) -> list[str]:
    return [line for line in (await visit.text("#log")).splitlines() if line.strip()]


# --- the mouse


@pytest.mark.parametrize(
    ("kind", "logged"),
    [
        ("click", "click pad 0 1 true 70,50"),
        ("ClickAction", "click pad 0 1 true 70,50"),
        ("double_click", "dblclick pad 0 2 true 70,50"),
        ("triple_click", "click pad 0 3 true 70,50"),
        ("right_click", "contextmenu pad 2 0 true 70,50"),
        ("middle_click", "auxclick pad 1 1 true 70,50"),
        ("hover", "entered pad"),
        ("mouse_down", "mousedown pad 0 1 true 70,50"),
        ("mouse_move", "entered pad"),
    ],
)
@pytest.mark.parametrize("by_point", [False, True])
async def test_mouse_actions(visit: Visit, kind: str, logged: str, by_point: bool) -> None:
    """Each act of the mouse is real input, at an element's middle or at a point."""
    await visit.open("/pointer")
    where: dict[str, Any] = {"x": 70, "y": 50} if by_point else {"selector": by_id("pad")}
    result = await visit.do(kind, **where)
    assert result.success, result.error
    assert logged in await _log(visit)
    assert (result.target is None) == by_point


async def test_the_mouse_is_pressed_and_released_apart(visit: Visit) -> None:
    """What is pressed is held until a later action releases it, elsewhere or on the spot."""
    await visit.open("/pointer")
    for kind, where in (
        ("mouse_down", {"selector": by_id("slider")}),
        ("mouse_move", {"x": 300, "y": 340, "steps": 5}),
    ):
        assert (await visit.act(kind, **where)).success
    assert await visit.page.evaluate("+document.body.dataset.moves") >= 5
    assert (await visit.do("mouse_up")).success
    assert [line.split()[0] for line in await _log(visit)] == ["mousedown", "mouseup", "click"]
    assert (await _log(visit))[1] == "mouseup  0 1 true 300,340"


async def test_drags(visit: Visit) -> None:
    """Drags end where they should, with the page's own drag-and-drop and with bare pointer moves."""
    await visit.open("/pointer")
    assert (await visit.do("drag_and_drop", source_selector="#drag", target_selector="#drop")).success
    assert "dropped" in await _log(visit)
    result = await visit.do("left_click_drag", selector=by_id("slider"), target_x=300, target_y=350, steps=4)
    assert result.success, result.error
    assert (await _log(visit))[-1].startswith("mouseup") or (await _log(visit))[-2].startswith("mouseup")
    assert (await visit.do("left_click_drag", x=30, y=330, target_selector=by_id("pad"))).success
    assert not (await visit.act("drag_and_drop", source_selector="#drag")).success


async def test_a_covered_element_is_clicked_through_the_dom(visit: Visit) -> None:
    """A click on an element that stays covered is done through the DOM and says so; a passing cover is waited for."""
    await visit.open("/pointer")
    late = await visit.do("click", selector=by_id("late"))
    assert late.success
    assert late.note is None
    result = await visit.do("click", selector=by_id("covered"))
    assert result.success
    assert result.note is not None
    assert "DOM" in result.note
    assert (await _log(visit))[-1].startswith("click covered 0")
    assert not (await visit.act("double_click", selector=by_id("covered"))).success


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"selector": by_id("absent")}, "no element for id='absent' within 0.4 s"),
        ({"selector": by_id("off")}, "not enabled"),
        ({"selector": by_id("gone")}, "not visible"),
        ({}, "neither a selector nor a point"),
        ({"x": 5}, "neither a selector nor a point"),
        ({"x": 1e300, "y": 1}, "not on the page"),
    ],
)
async def test_a_click_that_can_not_be_done(visit: Visit, attributes: dict[str, Any], reason: str) -> None:
    """A click on what is missing, disabled, hidden or nowhere fails and says why; nothing is clicked."""
    await visit.open("/pointer")
    result = await visit.act("click", **attributes)
    assert not result.success
    assert reason in (result.error or "")
    assert await _log(visit) == []


async def test_the_target_is_shown_before_it_is_acted_on(visit: Visit) -> None:
    """An observer sees the element as it was when the action found it."""
    await visit.show("<button id=b onclick='this.remove()'>Remove me</button>")
    seen: list[str | None] = []

    async def observe(locator: Any) -> None:
        seen.append(await locator.text_content())

    action = parse_action({"type": "click", "selector": by_id("b")})
    assert (await perform(visit.session, action, visit.settings, 20, observe)).success
    assert seen == ["Remove me"]
    assert await visit.page.locator("#b").count() == 0


# --- pages


async def test_history(visit: Visit) -> None:
    """Back and forward move through the pages seen, and fail where there are none."""
    await visit.show("<h1>one</h1>", "/one")
    assert not (await visit.act("navigate", go_forward=True)).success
    await visit.show("<h1>two</h1>", "/two")
    assert (await visit.do("go_back")).success
    assert await visit.text("h1") == "one"
    assert (await visit.do("navigate", go_forward=True)).success
    assert await visit.text("h1") == "two"
    assert (await visit.do("navigate", go_back=True)).success
    assert await visit.text("h1") == "one"
    assert not (await visit.act("navigate")).success


async def test_addresses_are_read_as_browsers_read_them(visit: Visit) -> None:
    """Relative addresses, white space and backslashes lead where a browser goes."""
    await visit.show("<h1>one</h1>", "/a/one")
    visit.site.add("/a/two", "<h1>two</h1>")
    for url in (
        "two",
        "/a/two",
        f" {RECORDED}/a/two ",
        "http:\\\\localhost:8012\\a\\two",
        f"{RECORDED}/a/\ntwo",
        "?q=1",
    ):
        assert (await visit.do("navigate", url=url)).success, url
        assert visit.page.url.startswith(f"{RECORDED}/a/two"), url
    assert (await visit.do("navigate", url="/missing")).success  # an answer, if no page
    assert await visit.text("h1") == "not found"


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"down": True, "value": 300}, (0, 300)),
        ({"down": True, "value": "300"}, (0, 300)),
        ({"down": 300}, (0, 300)),
        ({"down": True}, (0, 900)),
        ({}, (0, 900)),
        ({"right": True, "value": 200}, (200, 0)),
        ({"right": True}, (1280, 0)),
        ({"down": True, "value": "bottom"}, (0, 5100)),
        ({"value": "Far below"}, None),
    ],
)
async def test_scrolling(visit: Visit, attributes: dict[str, Any], expected: tuple[int, int] | None) -> None:
    """A page scrolls by px, by a viewport, to its end, or to a text, at once."""
    await visit.open("/scroll")
    assert (await visit.act("scroll", **attributes)).success
    position = await visit.page.evaluate("[scrollX, scrollY]")
    if expected is None:
        assert 3000 < position[1] < 4100
    else:
        assert tuple(position) == expected


async def test_scrolling_back_and_within_a_box(visit: Visit) -> None:
    """Scrolling back works too, and where the page itself does not scroll, its main box does."""
    await visit.open("/scroll")
    for attributes in ({"value": "bottom"}, {"up": True, "value": 100}, {"up": True}, {"up": True, "value": "top"}):
        assert (await visit.act("scroll", **attributes)).success
    assert await visit.page.evaluate("scrollY") == 0
    assert not (await visit.act("scroll", value="no such text")).success
    await visit.show(
        "<style>body{margin:0}</style><div id=box style='height:100vh;overflow:auto'><p style='height:5000px'>x</div>"
    )
    assert (await visit.act("scroll", down=True, value=250)).success
    assert await visit.page.evaluate("box.scrollTop") == 250


async def test_waiting(visit: Visit) -> None:
    """A wait lasts as long as recorded, or until its element is visible; never longer than the budget."""
    await visit.show("<p id=p hidden>x</p><script>setTimeout(() => p.hidden = false, 500)</script>")
    assert (await visit.act("wait", selector=by_id("p"), timeout_seconds=5)).success
    assert not (await visit.act("wait", selector=by_id("absent"), timeout_seconds=0.1)).success
    assert (await visit.act("wait", time_seconds=0.1)).success
    assert not (await visit.act("wait")).success
    action = parse_action({"type": "wait", "time_seconds": 3600})
    assert (await perform(visit.session, action, visit.settings, 0.2)).success


async def test_asserting_and_reading(visit: Visit) -> None:
    """An assertion looks at what the page shows and holds; extracting gives its text, and neither changes it."""
    await visit.show("<p>Two   <b>words</b></p><p hidden>secret</p>")
    assert (await visit.act("assert", text_to_assert="Two words")).success
    assert (await visit.act("assert", text="secret")).success
    assert not (await visit.act("assert", text="three")).success
    assert not (await visit.act("assert")).success
    assert (await visit.act("extract", query="all")).value.strip() == "Two words"


@pytest.mark.parametrize("kind", ["screenshot", "request_user_input", "done", "idle", "undefined"])
async def test_actions_that_do_nothing(visit: Visit, kind: str) -> None:
    """These succeed without touching the page."""
    assert (await visit.act(kind)).success
    assert visit.page.url == "about:blank"


@pytest.mark.parametrize("raw", [{"type": "fly"}, {}, None, {"type": "click\n" * 100}])
async def test_unknown_actions_fail(visit: Visit, raw: Any) -> None:
    """An action of a type that nobody knows is a failing action with a bounded reason."""
    result = await perform(visit.session, parse_action(raw), visit.settings, 20)
    assert not result.success
    assert result.error
    assert len(result.error) <= 300
    assert "\n" not in result.error


# --- hostile solutions


_TEXTS = st.text(max_size=8) | st.sampled_from(["\ud800", "\0", "Control+", "+", "a" * 5_000, "{{", ">>", "-1", "nan"])
_VALUES = st.one_of(
    _TEXTS,
    st.floats(),
    st.integers(),
    st.booleans(),
    st.none(),
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["attributeValueSelector", "tagContainsSelector", "xpathSelector", "x"]),
            "attribute": st.sampled_from(["id", "class", "href", "custom", "", "a b", "\ud800"]),
            "value": _TEXTS,
        }
    ),
)
_NAMES = """
selector text keys key value url query x y target_x target_y target_selector source_selector steps duration_ms release
time_seconds timeout_seconds go_back go_forward up left
"""
_KINDS = """
click double_click hover mouse_move mouse_up navigate search type select selectdropdownoption getdropdownoptions wait
scroll submit assert drag_and_drop left_click_drag send_keys hold_key extract what
"""


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    kind=st.sampled_from(_KINDS.split()),
    attributes=st.dictionaries(st.sampled_from(_NAMES.split()), _VALUES, max_size=4),
)
async def test_no_action_raises(visit: Visit, kind: str, attributes: dict[str, Any]) -> None:
    """Whatever an action holds, it succeeds or fails in one bounded line, within its time."""
    impatient = ReplaySettings(element_timeout_ms=20, navigation_timeout_ms=1_000)
    action = parse_action({"type": kind, "attributes": attributes})
    result = await perform(visit.session, action, impatient, 0.05)
    assert result.success == (result.error is None)
    assert len(result.error or "") <= 300
    assert "\n" not in (result.error or "")


async def test_an_xpath_bomb_meets_the_time_budget(visit: Visit) -> None:
    """An XPath that never comes to an end costs its action's time, and nothing of the replay's record."""
    await visit.show("<b></b>" * 3_000)
    bomb = "//b[count(//b[count(//b[count(//b) > 0]) > 0]) > 0]"
    started = time.monotonic()
    result = await visit.act("click", selector={"type": "xpathSelector", "value": bomb})
    assert not result.success
    assert time.monotonic() - started < 6
