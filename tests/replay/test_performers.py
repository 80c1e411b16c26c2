"""One performer for each action type: no type without one, none with two."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from score_model.contract import Action
from score_model.contract import actions as a
from score_model.replay import perform  # noqa: F401 - it registers the package's own
from score_model.replay._actions.context import ActionContext
from score_model.replay._actions.performers import check_performers, performer_of, performs


async def _do_nothing(_context: ActionContext, _action: Action) -> None: ...


def test_every_type_has_a_performer() -> None:
    """Each type of action, the unknown one too, has a function that does it."""
    check_performers()
    for kind in a.action_types():
        made = kind(name="x", raw=None) if kind is a.UnknownAction else kind()
        assert callable(performer_of(made).perform), kind.__name__


def test_a_second_performer_is_refused() -> None:
    """Two functions for one type are a mistake at import, and the first one stays."""
    before = performer_of(a.Click())
    with pytest.raises(TypeError, match="two performers of Click"):
        performs(a.Click)(_do_nothing)
    assert performer_of(a.Click()) == before


GUIDE = Path(__file__).parent.parent.parent / "docs" / "extending.md"
DRIVE = """
import asyncio

import msgspec

from score_model.contract.selectors import CssSelector
from score_model.contract.placeholders import fill_action
from score_model.contract import parse_action
from score_model.dataset import mask_actions
from score_model.features._action_features import read_action
from score_model.replay._actions.performers import check_performers
from tests.replay.drivers import visiting, visiting_pool


async def drive():
    async with visiting_pool() as (pool, site), visiting(pool, site) as visit:
        await visit.show("<input id=a><input id=b>")
        assert (await visit.act("focus_field", selector="#b")).success
        assert await visit.page.evaluate("document.activeElement.id") == "b"
        assert (await visit.act("focus")).error == "no selector is given"


check_performers()
recorded = {"type": "FocusFieldAction", "attributes": {"selector": "#user<web_agent_id>"}}
action = parse_action(recorded)
assert action == Focus(selector=CssSelector("#user<web_agent_id>"))
assert fill_action(action, "7") == Focus(selector=CssSelector("#user7"))
assert read_action(action).family == "keys"
assert read_action(action).line == "focus #user<web_agent_id>"
assert mask_actions([msgspec.json.encode(recorded)]) != mask_actions([b'{"type": "focus"}'])
asyncio.run(drive())
print("done")
"""


def test_the_guide_s_action_type_is_one_class_and_one_performer() -> None:
    """A type that is defined beside the package, as the guide adds one to it, is parsed, filled, counted and done."""
    section = GUIDE.read_text().partition("\n## An action type\n")[2].partition("\n## ")[0]
    written = re.findall(r"```python\n(.*?)```", section, flags=re.DOTALL)
    assert len(written) == 2
    root = GUIDE.parent.parent
    ran = subprocess.run(
        [sys.executable, "-c", "\n".join(["import score_model.replay", *written, DRIVE])],
        cwd=root,
        env={**os.environ, "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"},
        capture_output=True,
        text=True,
        check=False,
    )
    if "no browser found" in ran.stderr and not os.environ.get("CI"):
        pytest.skip(ran.stderr.strip().splitlines()[-1])
    assert ran.stdout == "done\n", ran.stderr
    assert ran.returncode == 0


def test_a_type_without_a_performer_is_an_error_at_import() -> None:
    """A class alone is no action type: the room that does actions does not load."""
    alone = (
        "from score_model.contract.actions import Action, ActionSpec\n"
        "class Blink(Action, frozen=True, tag='blink'):\n"
        "    spec = ActionSpec(spellings=('blink',))\n"
        "import score_model.replay"
    )
    source = GUIDE.parent.parent / "src"
    environment = {**os.environ, "PYTHONPATH": str(source)}
    ran = subprocess.run([sys.executable, "-c", alone], env=environment, capture_output=True, text=True, check=False)
    assert ran.stderr.splitlines()[-1] == "TypeError: no performer of Blink"
