"""The optional libraries of this room, loaded when they are first needed: each costs half a second and more."""

from importlib import import_module
from typing import Any

from score_model.errors import MissingExtraError


def library(name: str, *, extra: str = "train") -> Any:
    """The module of that name. Raises MissingExtraError with the extra to install if its package is not there."""
    try:
        return import_module(name)
    except ModuleNotFoundError as missing:
        package = name.partition(".")[0]
        if missing.name is None or missing.name.partition(".")[0] != package:
            raise
        raise MissingExtraError("the score model", extra) from None
