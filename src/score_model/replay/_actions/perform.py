"""Does one recorded action in the browser, with real input (the whole vocabulary of contract section 3)."""

import asyncio

from playwright.async_api import Error

from score_model.contract import Action
from score_model.contract import actions as a
from score_model.contract.actions import UnknownAction
from score_model.printable import one_line
from score_model.replay._actions import form_fields, keyboard, navigation, pointer  # noqa: F401 - they register
from score_model.replay._actions.context import ActionContext, TargetObserver
from score_model.replay._actions.performers import check_performers, performer_of, performs
from score_model.replay._actions.result import ActionFailedError, ActionResult
from score_model.replay._browser.session import Session
from score_model.replay._settings import ReplaySettings
from score_model.replay._text import describe_error, plain

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
    context = ActionContext(session, page, settings, max(budget_s, 0), observe)
    performer = performer_of(action)
    try:
        async with asyncio.timeout(context.within(performer.limit_s(action, settings)) + _SLACK_S):
            value = await performer.perform(context, action)
    except ActionFailedError as error:
        return ActionResult(False, one_line(str(error)), context.target, note=context.note)
    except TimeoutError:
        await session.probe()
        return ActionResult(False, "the page did not answer in time", context.target, note=context.note)
    except Error as error:
        await session.probe()
        return ActionResult(False, describe_error(error), context.target, note=context.note)
    return ActionResult(True, None, context.target, value, context.note)


@performs(a.Screenshot, a.RequestUserInput, a.Done, a.Idle, a.Undefined)
async def _nothing(_context: ActionContext, _action: Action) -> None:
    """Actions that do nothing to a page; the screenshot is the recorder's."""


@performs(UnknownAction)
async def _unknown(_context: ActionContext, action: UnknownAction) -> None:
    raise ActionFailedError(f"the action {action.name!r} is not known" if action.name else "the action has no type")


@performs(a.Extract)
async def _extract(context: ActionContext, _action: a.Extract) -> str:
    """The visible text of the page, at most 20,000 characters."""
    text = await context.page.evaluate(_VISIBLE_TEXT, _LONGEST_EXTRACT)
    return text if isinstance(text, str) else ""


@performs(a.Assert)
async def _assert(context: ActionContext, action: a.Assert) -> None:
    """Whether the page shows the text, or holds it in its source, as the evaluator looks for it."""
    if not action.text:
        raise ActionFailedError("no text to look for is given")
    if not await context.page.evaluate(_PAGE_TEXT, plain(action.text)):
        raise ActionFailedError(f"the page does not have the text {one_line(repr(action.text))[:120]}")


check_performers()
