"""Who does which action: one performer for each type."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from score_model.contract import Action
from score_model.contract.actions import action_types
from score_model.replay._actions.context import ActionContext
from score_model.replay._settings import ReplaySettings

Perform = Callable[[ActionContext, Any], Awaitable[Any]]
"""Does the action in its context and returns what it read (JSON-ready), if anything.

Raises ActionFailedError, or Playwright's Error, where it can't be done.
"""

LimitS = Callable[[Any, ReplaySettings], float]
"""How long an action may take by itself, in seconds."""

_P = TypeVar("_P", bound=Perform)


def element_limit_s(_action: Action, settings: ReplaySettings) -> float:
    """Return the time of an action that is about an element, in seconds."""
    return 3 * settings.element_timeout_ms / 1000


@dataclass(frozen=True, slots=True)
class Performer:
    """What does the actions of one type, and how long each may take."""

    perform: Perform
    limit_s: LimitS


_PERFORMERS: dict[type[Action], Performer] = {}


def performs(*kinds: type[Action], limit_s: LimitS = element_limit_s) -> Callable[[_P], _P]:
    """Make the decorated function the performer of these types. Raises TypeError for a type that has one already."""

    def register(perform: _P) -> _P:
        for kind in kinds:
            if kind in _PERFORMERS:
                raise TypeError(f"two performers of {kind.__name__}")
            _PERFORMERS[kind] = Performer(perform, limit_s)
        return perform

    return register


def performer_of(action: Action) -> Performer:
    """Return the performer of an action."""
    return _PERFORMERS[type(action)]


def check_performers() -> None:
    """Raise TypeError if an action type has no performer: to be called when all are registered."""
    missing = [kind.__name__ for kind in action_types() if kind not in _PERFORMERS]
    if missing:
        raise TypeError(f"no performer of {', '.join(missing)}")
