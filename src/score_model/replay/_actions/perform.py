"""Does one recorded action in the browser, with real input (the whole vocabulary of contract section 3)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import Error

from score_model.contract import Action, UnknownAction
from score_model.contract import actions as a
from score_model.printable import one_line
from score_model.replay._actions import form_fields, keyboard, navigation, pointer
from score_model.replay._actions.context import Stage, TargetObserver
from score_model.replay._actions.result import ActionFailedError, ActionResult, reason
from score_model.replay._browser.session import Session
from score_model.replay._settings import ReplaySettings
from score_model.replay._text import plain

_LONGEST_EXTRACT = 20_000  # characters
_SLACK_S = 2.0
_VISIBLE_TEXT = "most => (document.body ? document.body.innerText : '').slice(0, most)"
_PAGE_TEXT = """text => {
  const plain = (given) => given.replace(/\\s+/g, ' ');
  const body = document.body ? document.body.innerText : '';
  return plain(body).includes(plain(text)) || document.documentElement.outerHTML.includes(text);
}"""


async def perform(
    session: Session,
    action: Action,
    settings: ReplaySettings,
    budget_s: float,
    observe: TargetObserver | None = None,
) -> ActionResult:
    """Do the action on the session's current page, in at most `budget_s` seconds, and say what came of it.

    `observe` is awaited with the element that was found before it is acted on. Never raises for what an action does or
    fails to do; raises BrowserLostError where the browser or the page died.
    """
    page = await session.ready()
    stage = Stage(session, page, settings, max(budget_s, 0), observe)
    try:
        async with asyncio.timeout(stage.within(_limit_s(action, settings)) + _SLACK_S):
            value = await _ACTS[type(action)](stage, action)
    except ActionFailedError as error:
        return ActionResult(False, one_line(str(error)), stage.target, note=stage.note)
    except TimeoutError:
        await session.probe()
        return ActionResult(False, "the page did not answer in time", stage.target, note=stage.note)
    except Error as error:
        await session.probe()
        return ActionResult(False, reason(error), stage.target, note=stage.note)
    return ActionResult(True, None, stage.target, value, stage.note)


def _limit_s(action: Action, settings: ReplaySettings) -> float:
    """How long an action may take by itself, in seconds."""
    element_s = 3 * settings.element_timeout_ms / 1000
    match action:
        case a.Wait(time_seconds=time_s, timeout_seconds=timeout_s):
            return max(time_s or 0, timeout_s or 0, element_s)
        case a.HoldKey(duration_ms=duration_ms):
            return (duration_ms or 0) / 1000
        case a.Navigate() | a.GoBack():
            return 2 * settings.navigation_timeout_ms / 1000
    return element_s


async def _nothing(_stage: Stage, _action: Action) -> None:
    """Actions that do nothing to a page; the screenshot is the recorder's."""


async def _unknown(_stage: Stage, action: UnknownAction) -> None:
    raise ActionFailedError(f"the action {action.name!r} is not known" if action.name else "the action has no type")


async def _extract(stage: Stage, _action: a.Extract) -> str:
    """The visible text of the page, at most 20,000 characters."""
    text = await stage.page.evaluate(_VISIBLE_TEXT, _LONGEST_EXTRACT)
    return text if isinstance(text, str) else ""


async def _assert(stage: Stage, action: a.Assert) -> None:
    """Whether the page shows the text, or holds it in its source, as the evaluator looks for it."""
    if not action.text:
        raise ActionFailedError("no text to look for is given")
    if not await stage.page.evaluate(_PAGE_TEXT, plain(action.text)):
        raise ActionFailedError(f"the page does not have the text {one_line(repr(action.text))[:120]}")


_ACTS: dict[type[Action], Callable[[Stage, Any], Awaitable[Any]]] = {
    a.Click: pointer.click,
    a.DoubleClick: pointer.click,
    a.RightClick: pointer.click,
    a.MiddleClick: pointer.click,
    a.TripleClick: pointer.click,
    a.MouseDown: pointer.press,
    a.MouseUp: pointer.release,
    a.MouseMove: pointer.move,
    a.Hover: pointer.hover,
    a.DragAndDrop: pointer.drag_and_drop,
    a.LeftClickDrag: pointer.left_click_drag,
    a.Navigate: navigation.navigate,
    a.GoBack: navigation.go_back,
    a.Search: navigation.search,
    a.Scroll: navigation.scroll,
    a.Wait: navigation.wait,
    a.Type: form_fields.fill,
    a.Select: form_fields.select_value,
    a.SelectOption: form_fields.select_option,
    a.GetOptions: form_fields.get_options,
    a.SendKeys: keyboard.send_keys,
    a.HoldKey: keyboard.hold_key,
    a.Submit: keyboard.submit,
    a.Assert: _assert,
    a.Extract: _extract,
    a.Screenshot: _nothing,
    a.RequestUserInput: _nothing,
    a.Done: _nothing,
    a.Idle: _nothing,
    a.Undefined: _nothing,
    UnknownAction: _unknown,
}
