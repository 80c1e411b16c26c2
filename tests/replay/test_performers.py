"""One performer for each action type: no type without one, none with two."""

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
