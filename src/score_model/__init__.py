"""score-model: how good is this sequence of browser actions for this task?"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from score_model.dataset import load_samples as load_samples
    from score_model.model import Scorer as Scorer
    from score_model.traces import load_trace as load_trace

__all__ = ["Scorer", "load_samples", "load_trace"]

_ROOM_OF = {"Scorer": "model", "load_samples": "dataset", "load_trace": "traces"}


def __getattr__(name: str) -> Any:
    """The public names, loaded at first use: importing the package must stay quick."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
