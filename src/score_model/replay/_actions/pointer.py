"""Acts of the mouse: real pointer input at an element's middle or at a point of the viewport."""

import math
from typing import Literal

from playwright.async_api import Locator
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from score_model.contract import actions as a
from score_model.contract.selectors import Selector
from score_model.replay._actions.context import ActionContext
from score_model.replay._actions.performers import performs
from score_model.replay._actions.result import ActionFailedError

_Button = Literal["left", "middle", "right"]
_MOST_STEPS = 100
_FARTHEST = 100_000  # CSS px


@performs(a.Click, a.DoubleClick, a.RightClick, a.MiddleClick, a.TripleClick)
async def click(
    context: ActionContext, action: a.Click | a.DoubleClick | a.TripleClick | a.RightClick | a.MiddleClick
) -> None:
    """Click as often and with the button that the action says.

    A plain click on an element that something else covers until the patience ends is done through the DOM instead,
    as tools for agents do: the result's note says so.
    """
    button, count = _BUTTONS.get(type(action), "left"), _COUNTS.get(type(action), 1)
    if action.selector is None:
        x, y = _point(action.x, action.y)
        await context.page.mouse.click(x, y, button=button, click_count=count)
        return
    element = await context.find(action.selector)
    try:
        await element.click(button=button, click_count=count, timeout=context.act_ms, no_wait_after=True)
    except PlaywrightTimeoutError as error:
        if type(action) is not a.Click or "intercepts pointer events" not in error.message:
            raise
        await element.evaluate("element => element.click()", timeout=context.act_ms)
        context.note = "covered by another element: clicked through the DOM"


@performs(a.Hover)
async def hover(context: ActionContext, action: a.Hover) -> None:
    """Move the pointer over an element, or to a point."""
    if action.selector is None:
        await context.page.mouse.move(*_point(action.x, action.y))
    else:
        await (await context.find(action.selector)).hover(timeout=context.act_ms)


@performs(a.MouseMove)
async def move(context: ActionContext, action: a.MouseMove) -> None:
    """Move the pointer in the recorded number of moves."""
    await context.page.mouse.move(
        *await _place(context, action.selector, action.x, action.y), steps=_steps(action.steps)
    )


@performs(a.MouseDown)
async def press(context: ActionContext, action: a.MouseDown) -> None:
    """Press the left button; where neither element nor point is given, where the pointer is."""
    if action.selector is not None or action.x is not None:
        await context.page.mouse.move(*await _place(context, action.selector, action.x, action.y))
    await context.page.mouse.down()


@performs(a.MouseUp)
async def release(context: ActionContext, action: a.MouseUp) -> None:
    """Release the left button, likewise."""
    if action.selector is not None or action.x is not None:
        await context.page.mouse.move(*await _place(context, action.selector, action.x, action.y))
    await context.page.mouse.up()


@performs(a.DragAndDrop)
async def drag_and_drop(context: ActionContext, action: a.DragAndDrop) -> None:
    """Drag the middle of one element onto the middle of another."""
    target = await context.find_css(action.target, "target to drop on")
    source = await context.find_css(action.source, "source to drag")
    await source.drag_to(target, timeout=context.act_ms)


@performs(a.LeftClickDrag)
async def left_click_drag(context: ActionContext, action: a.LeftClickDrag) -> None:
    """Drag from an element or point to another, in the recorded number of moves."""
    end = await _place(context, action.target_selector, action.target_x, action.target_y)
    start = await _place(context, action.selector, action.x, action.y)
    mouse = context.page.mouse
    await mouse.move(*start)
    await mouse.down()
    try:
        await mouse.move(*end, steps=_steps(action.steps))
    finally:
        await mouse.up()


async def _place(
    context: ActionContext, selector: Selector | None, x: float | None, y: float | None
) -> tuple[float, float]:
    if selector is None:
        return _point(x, y)
    return await _middle(await context.find(selector), context.act_ms)


async def _middle(element: Locator, timeout_ms: float) -> tuple[float, float]:
    await element.scroll_into_view_if_needed(timeout=timeout_ms)
    box = await element.bounding_box(timeout=timeout_ms)
    if box is None:
        raise ActionFailedError("the element is not visible")
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _point(x: float | None, y: float | None) -> tuple[float, float]:
    if x is None or y is None:
        raise ActionFailedError("neither a selector nor a point is given")
    if not (math.isfinite(x) and math.isfinite(y) and max(abs(x), abs(y)) <= _FARTHEST):
        raise ActionFailedError("the point is not on the page")
    return x, y


def _steps(recorded: int | None) -> int:
    return min(max(recorded or 1, 1), _MOST_STEPS)


_BUTTONS: dict[type[a.Action], _Button] = {a.RightClick: "right", a.MiddleClick: "middle"}
_COUNTS: dict[type[a.Action], int] = {a.DoubleClick: 2, a.TripleClick: 3}
