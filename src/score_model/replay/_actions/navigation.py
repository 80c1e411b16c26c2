"""Moves between and within pages: addresses, history, scrolling; and waiting."""

import asyncio
import math

from playwright.async_api import Error

from score_model.contract import TextSelector
from score_model.contract import actions as a
from score_model.replay._actions.context import Stage
from score_model.replay._actions.result import ActionFailedError
from score_model.replay._scripts import read_script
from score_model.replay._text import plain

_FARTHEST = 1_000_000  # CSS px
_SETTLE_S = 0.2
_SEARCH = "https://www.google.com/search"


async def navigate(stage: Stage, action: a.Navigate) -> None:
    """Go to an address of the sites, or through history."""
    if action.go_back:
        await _through_history(stage, -1)
    elif action.go_forward:
        await _through_history(stage, 1)
    elif action.url:
        await _go(stage, action.url)
    else:
        raise ActionFailedError("no address is given")


async def go_back(stage: Stage, _action: a.GoBack) -> None:
    """One step back in history."""
    await _through_history(stage, -1)


async def search(stage: Stage, action: a.Search) -> None:
    """A search of the web: beyond the fence, so it is refused and recorded."""
    stage.session.refused.add("navigation", f"{_SEARCH}?q={plain(action.query or '')}", "not one of the sites")
    raise ActionFailedError("a search of the web is refused: only the sites are reached")


async def scroll(stage: Stage, action: a.Scroll) -> None:
    """Scroll by px, by a viewport, to an edge, or until a text is in view."""
    value = action.value
    if value is None:
        value = next((action.extra[name] for name in _DIRECTIONS if _is_number(action.extra.get(name))), None)
    if isinstance(value, str) and value.strip().lower() in {"top", "bottom"}:
        await _scroll(stage, edge=value.strip().lower())
        return
    distance = _pixels(value)
    if isinstance(value, str) and distance is None:
        await (await stage.find(TextSelector(value))).scroll_into_view_if_needed(timeout=stage.act_ms)
        return
    length = distance if distance is not None else 1.0
    sideways = action.left or action.right or "left" in action.extra or "right" in action.extra
    backwards = action.up or action.left or "up" in action.extra or "left" in action.extra
    signed = -length if backwards else length
    await _scroll(
        stage,
        down=0.0 if sideways else signed,
        right=signed if sideways else 0.0,
        unit="px" if distance is not None else "viewport",
    )


async def wait(stage: Stage, action: a.Wait) -> None:
    """Pause, or wait until the selector is visible; never beyond the budget."""
    if action.selector is not None:
        seconds = action.timeout_seconds if action.timeout_seconds is not None else action.time_seconds
        milliseconds = stage.settings.element_timeout_ms if seconds is None else stage.within(seconds) * 1000
        await stage.find(action.selector, milliseconds)  # that it is there is not enough
        return
    seconds = action.time_seconds if action.time_seconds is not None else action.timeout_seconds
    if seconds is None:
        raise ActionFailedError("neither a time nor a selector is given")
    await asyncio.sleep(stage.within(seconds))


async def _go(stage: Stage, url: str) -> None:
    address, refusal = stage.session.fence.destination(plain(url), stage.page.url)
    if refusal is not None:
        stage.session.refused.add("navigation", address, refusal)
        raise ActionFailedError(f"the navigation is refused: {refusal}")
    try:
        await _goto(stage, address)
    except Error as error:
        if "interrupted by another navigation" not in error.message:
            raise
        # The end of an earlier navigation came in between, such as its error page.
        await asyncio.sleep(_SETTLE_S)
        await _goto(stage, address)


async def _goto(stage: Stage, address: str) -> None:
    await stage.page.goto(address, wait_until="commit", timeout=_navigation_ms(stage))


async def _through_history(stage: Stage, step: int) -> None:
    page, before = stage.page, stage.page.url
    go = page.go_back if step < 0 else page.go_forward
    response = await go(wait_until="commit", timeout=_navigation_ms(stage))
    if response is None and page.url == before:
        raise ActionFailedError("there is no page to go back to" if step < 0 else "there is no page to go forward to")


async def _scroll(
    stage: Stage, *, down: float = 0, right: float = 0, unit: str = "px", edge: str | None = None
) -> None:
    await stage.page.evaluate(read_script("scroll.js"), {"down": down, "right": right, "unit": unit, "edge": edge})


def _pixels(value: object) -> float | None:
    """The distance that a recorded value means, in px; None where it means none."""
    try:
        distance = float(value) if isinstance(value, str | int | float) else math.nan
    except ValueError:
        return None
    return min(max(abs(distance), 0), _FARTHEST) if math.isfinite(distance) else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _navigation_ms(stage: Stage) -> float:
    return min(stage.settings.navigation_timeout_ms, max(stage.budget_s, 0.1) * 1000)


_DIRECTIONS = ("down", "up", "right", "left")
