"""Keys: chords, held keys, and Enter in a field."""

import asyncio

from score_model.contract import actions as a
from score_model.replay._actions.context import ActionContext
from score_model.replay._actions.performers import performs
from score_model.replay._actions.result import ActionFailedError
from score_model.replay._settings import ReplaySettings
from score_model.replay._text import plain

_NAMES = {
    "alt": "Alt", "arrowdown": "ArrowDown", "arrowleft": "ArrowLeft", "arrowright": "ArrowRight", "arrowup": "ArrowUp",
    "backspace": "Backspace", "capslock": "CapsLock", "cmd": "Meta", "command": "Meta", "control": "Control",
    "ctrl": "Control", "del": "Delete", "delete": "Delete", "down": "ArrowDown", "end": "End", "enter": "Enter",
    "esc": "Escape", "escape": "Escape", "home": "Home", "insert": "Insert", "left": "ArrowLeft", "meta": "Meta",
    "option": "Alt", "pagedown": "PageDown", "pageup": "PageUp", "pgdn": "PageDown", "pgup": "PageUp",
    "return": "Enter", "right": "ArrowRight", "shift": "Shift", "space": "Space", "spacebar": "Space", "tab": "Tab",
    "up": "ArrowUp", "win": "Meta", **{f"f{number}": f"F{number}" for number in range(1, 13)},
}  # fmt: skip
_MODIFIERS = frozenset({"Alt", "Control", "ControlOrMeta", "Meta", "Shift"})
_MOST_HELD = 16


def parse_chord(keys: str) -> list[str] | None:
    """The keys that are pressed together (`Control+A`), by Playwright's names; None for what is no chord."""
    if keys == " ":
        return ["Space"]
    written = keys.strip()
    if not written:
        return None
    parts = [*written[:-2].split("+"), "+"] if written.endswith("++") else written.split("+")
    if written == "+":
        parts = ["+"]
    names = [_key(part.strip()) for part in parts]
    known = [name for name in names if name is not None]
    if len(known) < len(names) or not all(name in _MODIFIERS for name in known[:-1]):
        return None
    return known


def _key(name: str) -> str | None:
    if len(name) == 1:
        return name
    known = _NAMES.get(name.lower().replace("_", "").replace(" ", ""))
    # Names by position (`KeyA`, `Digit1`, `Numpad0`) are Playwright's own.
    return known or (name if name.startswith(("Key", "Digit", "Numpad")) and name.isalnum() else None)


def _held_s(action: a.HoldKey, _settings: ReplaySettings) -> float:
    return (action.duration_ms or 0) / 1000


@performs(a.SendKeys)
async def send_keys(context: ActionContext, action: a.SendKeys) -> None:
    """Press a key or chord; what is neither is typed as text, key by key."""
    if not action.keys:
        raise ActionFailedError("no keys are given")
    if action.selector is not None:
        await (await context.find(action.selector)).focus(timeout=context.act_ms)
    written = plain(action.keys)
    keys = parse_chord(written)
    if keys is None:
        await context.page.keyboard.type(written)
    elif len(keys) > 1 and len(keys[-1]) == 1:
        # `Control+A` means the key A, not the letter: without Shift it is pressed as a small one.
        await context.page.keyboard.press("+".join([*keys[:-1], keys[-1] if "Shift" in keys else keys[-1].lower()]))
    else:
        await context.page.keyboard.press("+".join(keys))


@performs(a.HoldKey, limit_s=_held_s)
async def hold_key(context: ActionContext, action: a.HoldKey) -> None:
    """Hold a key for a while, or until a later action releases it; without a key, release what is held."""
    held, keyboard = context.session.held_keys, context.page.keyboard
    if not action.key and action.release:
        for key in sorted(held):
            held.discard(key)
            await keyboard.up(key)
        return
    keys = parse_chord(plain(action.key or ""))
    if keys is None or len(keys) != 1:
        raise ActionFailedError("no key to hold is given")
    key = keys[0]
    if action.release and action.duration_ms is None:
        held.discard(key)
        await keyboard.up(key)
        return
    if len(held) >= _MOST_HELD:
        raise ActionFailedError(f"more than {_MOST_HELD} keys are held")
    await keyboard.down(key)
    if action.duration_ms is None:
        held.add(key)
        return
    try:
        await asyncio.sleep(context.within(action.duration_ms / 1000))
    finally:
        await keyboard.up(key)


@performs(a.Submit)
async def submit(context: ActionContext, action: a.Submit) -> None:
    """Press Enter in a field, or where the focus is."""
    if action.selector is None:
        await context.page.keyboard.press("Enter")
    else:
        await (await context.find(action.selector)).press("Enter", timeout=context.act_ms, no_wait_after=True)
