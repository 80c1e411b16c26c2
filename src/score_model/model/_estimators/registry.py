"""The table of estimators: whatever can be trained, served, measured or chosen by name is found here."""

import re
from collections.abc import Collection
from typing import Any

from score_model.errors import UsageError
from score_model.model._estimators.base import Estimator
from score_model.model._estimators.baselines import CountEstimator, MajorityEstimator, RateEstimator
from score_model.model._estimators.blend import BlendEstimator
from score_model.model._estimators.network import NetworkEstimator
from score_model.model._estimators.plugin import PluginEstimator
from score_model.model._estimators.text import TextEstimator
from score_model.model._estimators.trees import TreeEstimator
from score_model.plugins import list_plugins

AnyEstimator = Estimator[Any]

AUTO = "auto"
"""In a model's place: the one that measures best."""

TEXT, TREES = TextEstimator(), TreeEstimator()

ESTIMATORS: dict[str, AnyEstimator] = {
    each.name: each for each in (TEXT, TREES, BlendEstimator(TEXT, TREES), NetworkEstimator())
}
"""The models that can be chosen, in the order in which equal ones are preferred."""

BASELINES: dict[str, AnyEstimator] = {
    each.name: each for each in (MajorityEstimator(), CountEstimator(), RateEstimator())
}
"""What a model must beat to be worth its name."""

_PLUGIN_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{0,79}", re.ASCII)


def list_candidates(*, network: bool = False, chosen: AnyEstimator | None = None) -> tuple[AnyEstimator, ...]:
    """Return the baselines, then every estimator that takes part, then `chosen` if it is none of them."""
    found = (*BASELINES.values(), *_taking_part(network=network))
    return found if chosen is None or chosen in found else (*found, chosen)


def list_choices(*, network: bool, traces: bool) -> tuple[AnyEstimator, ...]:
    """Return the estimators that `auto` chooses from: what is to judge by traces has to read their columns."""
    return tuple(each for each in _taking_part(network=network) if each.reads_columns or not traces)


def find_estimator(name: str) -> AnyEstimator:
    """Return the estimator of that name; a plug-in's is imported. For names that the user gave.

    Raises UsageError if there is none, or if it is a plug-in that can't be used.
    """
    if name in ESTIMATORS:
        return ESTIMATORS[name]
    plugins = sorted({plugin.name for plugin in list_plugins() if plugin.kind == "estimator"})
    if name not in plugins:
        raise UsageError(f"no model is called {name!r}: choose from {', '.join((AUTO, *ESTIMATORS, *plugins))}")
    return _load_plugin(name)


def find_stored_estimator(name: str, allow_plugin: Collection[str]) -> AnyEstimator | None:
    """Return the estimator of a model folder, None if no estimator can have that name.

    A folder is not the user's word: a plug-in is only imported if the user allowed its name. Raises UsageError if it
    is not allowed, not installed, or can't be used.
    """
    if name in ESTIMATORS:
        return ESTIMATORS[name]
    if _PLUGIN_NAME.fullmatch(name) is None:
        return None
    if name not in allow_plugin:
        raise UsageError(f"the model is of the kind {name!r}, which only a plug-in can read: see --allow-plugin {name}")
    return _load_plugin(name)


def _load_plugin(name: str) -> AnyEstimator:
    if name == AUTO or name in BASELINES:
        raise UsageError(f"the estimator {name!r} of a plug-in has a name that score-model uses itself")
    return PluginEstimator(name)


def _taking_part(*, network: bool) -> tuple[AnyEstimator, ...]:
    return tuple(each for name, each in ESTIMATORS.items() if network or name != "network")
