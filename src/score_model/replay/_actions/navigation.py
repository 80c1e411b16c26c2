"""Moves between and within pages: addresses, history, scrolling; and waiting."""

import asyncio
import math

from playwright.async_api import Error

from score_model.contract import actions as a
from score_model.contract.selectors import TextSelector
from score_model.replay._actions.context import ActionContext
from score_model.replay._actions.performers import element_limit_s, performs
from score_model.replay._actions.result import ActionFailedError
from score_model.replay._scripts import read_script
from score_model.replay._settings import ReplaySettings
from score_model.replay._text import plain

_FARTHEST = 1_000_000  # CSS px
_SETTLE_S = 0.2
_SEARCH = "https://www.google.com/search"


def _limit_s(_action: a.Action, settings: ReplaySettings) -> float:
    return 2 * settings.navigation_timeout_ms / 1000


def _wait_limit_s(action: a.Wait, settings: ReplaySettings) -> float:
    return max(action.time_seconds or 0, action.timeout_seconds or 0, element_limit_s(action, settings))


@performs(a.Navigate, limit_s=_limit_s)
async def navigate(context: ActionContext, action: a.Navigate) -> None:
    """Go to an address of the sites, or through history."""
    if action.go_back:
        await _through_history(context, -1)
    elif action.go_forward:
        await _through_history(context, 1)
    elif action.url:
        await _go(context, action.url)
    else:
        raise ActionFailedError("no address is given")


@performs(a.GoBack, limit_s=_limit_s)
async def go_back(context: ActionContext, _action: a.GoBack) -> None:
    """One step back in history."""
    await _through_history(context, -1)


@performs(a.Search)
async def search(context: ActionContext, action: a.Search) -> None:
    """A search of the web: beyond the fence, so it is refused and recorded."""
    context.session.refused.add("navigation", f"{_SEARCH}?q={plain(action.query or '')}", "not one of the sites")
    raise ActionFailedError("a search of the web is refused: only the sites are reached")


@performs(a.Scroll)
async def scroll(context: ActionContext, action: a.Scroll) -> None:
    """Scroll by px, by a viewport, to an edge, or until a text is in view."""
    value = action.value
    if value is None:
        value = next((action.extra[name] for name in _DIRECTIONS if _is_number(action.extra.get(name))), None)
    if isinstance(value, str) and value.strip().lower() in {"top", "bottom"}:
        await _scroll(context, edge=value.strip().lower())
        return
    distance = _pixels(value)
    if isinstance(value, str) and distance is None:
        await (await context.find(TextSelector(value))).scroll_into_view_if_needed(timeout=context.act_ms)
        return
    length = distance if distance is not None else 1.0
    sideways = action.left or action.right or "left" in action.extra or "right" in action.extra
    backwards = action.up or action.left or "up" in action.extra or "left" in action.extra
    signed = -length if backwards else length
    await _scroll(
        context,
        down=0.0 if sideways else signed,
        right=signed if sideways else 0.0,
        unit="px" if distance is not None else "viewport",
    )


@performs(a.Wait, limit_s=_wait_limit_s)
async def wait(context: ActionContext, action: a.Wait) -> None:
    """Pause, or wait until the selector is visible; never beyond the budget."""
    if action.selector is not None:
        seconds = action.timeout_seconds if action.timeout_seconds is not None else action.time_seconds
        milliseconds = context.settings.element_timeout_ms if seconds is None else context.within(seconds) * 1000
        await context.find(action.selector, milliseconds)  # that it is there is not enough
        return
    seconds = action.time_seconds if action.time_seconds is not None else action.timeout_seconds
    if seconds is None:
        raise ActionFailedError("neither a time nor a selector is given")
    await asyncio.sleep(context.within(seconds))


async def _go(context: ActionContext, url: str) -> None:
    address, refusal = context.session.fence.destination(plain(url), context.page.url)
    if refusal is not None:
        context.session.refused.add("navigation", address, refusal)
        raise ActionFailedError(f"the navigation is refused: {refusal}")
    try:
        await _goto(context, address)
    except Error as error:
        if "interrupted by another navigation" not in error.message:
            raise
        # The end of an earlier navigation came in between, such as its error page.
        await asyncio.sleep(_SETTLE_S)
        await _goto(context, address)


async def _goto(context: ActionContext, address: str) -> None:
    await context.page.goto(address, wait_until="commit", timeout=_navigation_ms(context))


async def _through_history(context: ActionContext, step: int) -> None:
    page, before = context.page, context.page.url
    go = page.go_back if step < 0 else page.go_forward
    response = await go(wait_until="commit", timeout=_navigation_ms(context))
    if response is None and page.url == before:
        raise ActionFailedError("there is no page to go back to" if step < 0 else "there is no page to go forward to")


async def _scroll(
    context: ActionContext, *, down: float = 0, right: float = 0, unit: str = "px", edge: str | None = None
) -> None:
    await context.page.evaluate(read_script("scroll.js"), {"down": down, "right": right, "unit": unit, "edge": edge})


def _pixels(value: object) -> float | None:
    """The distance that a recorded value means, in px; None where it means none."""
    try:
        distance = float(value) if isinstance(value, str | int | float) else math.nan
    except ValueError:
        return None
    return min(max(abs(distance), 0), _FARTHEST) if math.isfinite(distance) else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _navigation_ms(context: ActionContext) -> float:
    return min(context.settings.navigation_timeout_ms, max(context.budget_s, 0.1) * 1000)


_DIRECTIONS = ("down", "up", "right", "left")
