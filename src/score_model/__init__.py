"""score-model: how good is this sequence of browser actions for this task?"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from score_model.dataset import load_samples as load_samples

__all__ = ["load_samples"]


def __getattr__(name: str) -> Any:
    """The public names, loaded at first use: importing the package must stay quick."""
    if name == "load_samples":
        from score_model.dataset import load_samples

        return load_samples
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
