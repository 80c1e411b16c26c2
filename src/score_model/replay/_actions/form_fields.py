"""Fields: texts and drop-downs."""

from typing import Any

from playwright.async_api import Locator

from score_model.contract import actions as a
from score_model.contract.selectors import Selector
from score_model.printable import one_line
from score_model.replay._actions.context import ActionContext
from score_model.replay._actions.performers import performs
from score_model.replay._actions.result import ActionFailedError
from score_model.replay._text import plain

_MOST_OPTIONS = 1_000
_LONGEST_OPTION = 300
_FOCUSED = "css=:focus"
# A label or a wrapper stands for the drop-down that belongs to it.
_OPTIONS = """(element, [most, longest]) => {
  const select = element.closest("select") || element.control || element.querySelector("select");
  if (!select || select.tagName !== "SELECT") return null;
  const cut = (text) => text.slice(0, longest);
  return Array.from(select.options).slice(0, most).map((option) => ({
    label: cut(option.label.replace(/\\s+/g, " ").trim()), value: cut(option.value),
    selected: option.selected, disabled: option.disabled,
  }));
}"""
_SELECT_OF = """element => element.closest("select") || element.control || element.querySelector("select")"""


@performs(a.Type)
async def fill(context: ActionContext, action: a.Type) -> None:
    """Replace a field's text; without a selector, that of the field that has the focus."""
    if action.text is None:
        raise ActionFailedError("no text is given")
    text = plain(action.text)
    if action.selector is not None:
        await (await context.find(action.selector)).fill(text, timeout=context.act_ms, no_wait_after=True)
        return
    focused = context.page.locator(_FOCUSED).last
    if await focused.count() == 0:
        raise ActionFailedError("no selector is given and no field has the focus")
    context.target = focused
    await focused.fill(text, timeout=context.settings.element_timeout_ms, no_wait_after=True)


@performs(a.Select)
async def select_value(context: ActionContext, action: a.Select) -> None:
    """Choose an option by value, else by visible label, else by label substring."""
    await _select(context, action.selector, action.value, ("value", "label"))


@performs(a.SelectOption)
async def select_option(context: ActionContext, action: a.SelectOption) -> None:
    """Choose an option by visible label, else by value, else by label substring."""
    await _select(context, action.selector, action.text, ("label", "value"))


@performs(a.GetOptions)
async def get_options(context: ActionContext, action: a.GetOptions) -> list[dict[str, Any]]:
    """A drop-down's options: `label`, `value`, `selected`, `disabled`; at most 1000."""
    element = await _given(context, action.selector)
    return await _options(context, element)


async def _select(context: ActionContext, selector: Selector | None, wanted: str | None, by: tuple[str, str]) -> None:
    if wanted is None:
        raise ActionFailedError("no option is given")
    element = await _given(context, selector)
    options = await _options(context, element)
    index = _matching(options, " ".join(plain(wanted).split()), by)
    if index is None:
        raise ActionFailedError(f"no option {one_line(repr(wanted))[:80]} among {len(options)}")
    handle = (await element.evaluate_handle(_SELECT_OF, timeout=context.act_ms)).as_element()
    if handle is None:
        raise ActionFailedError("the drop-down is gone")
    await handle.select_option(index=index, timeout=context.act_ms, no_wait_after=True)


async def _given(context: ActionContext, selector: Selector | None) -> Locator:
    if selector is None:
        raise ActionFailedError("no selector is given")
    return await context.find(selector)


async def _options(context: ActionContext, element: Locator) -> list[dict[str, Any]]:
    options = await element.evaluate(_OPTIONS, [_MOST_OPTIONS, _LONGEST_OPTION], timeout=context.act_ms)
    if not isinstance(options, list):
        raise ActionFailedError("the element is no drop-down")
    return options


def _matching(options: list[dict[str, Any]], wanted: str, by: tuple[str, str]) -> int | None:
    """The index of the option that is meant: exactly, else without regard to case, else by part of its label."""
    folded = wanted.casefold()
    for name in by:
        texts = [option[name] for option in options]
        if wanted in texts:
            return texts.index(wanted)
        texts = [text.casefold() for text in texts]
        if folded in texts:
            return texts.index(folded)
    if not folded:
        return None
    return next((index for index, option in enumerate(options) if folded in option["label"].casefold()), None)
