"""An estimator of somebody else's (docs/extending.md), kept to what an estimator promises.

Whatever goes wrong in it is one line that names it, with its own exception as the cause.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from score_model.arrays import Floats
from score_model.errors import PluginError, ScoreModelError, UsageError
from score_model.model._estimators.base import Attribution, Estimator, FittedModel, TrainingSet
from score_model.model._inputs import Inputs
from score_model.plugins import load_plugin


class PluginModel(FittedModel):
    """A plug-in's fitted model, whose answers are checked."""

    def __init__(self, name: str, model: object) -> None:
        if not isinstance(model, FittedModel):
            raise PluginError(f"the estimator {name!r} of a plug-in gives {type(model).__name__}, and no FittedModel")
        self._name, self.model, self.columns = name, model, tuple(model.columns)

    def predict_logits(self, inputs: Inputs) -> Floats:
        """See FittedModel. Raises PluginError if the answer is not one finite number per row."""
        with _named(self._name):
            logits = np.asarray(self.model.predict_logits(inputs), dtype=np.float64)
        if logits.shape != (len(inputs),) or not np.isfinite(logits).all():
            raise PluginError(
                f"the estimator {self._name!r} of a plug-in: its log-odds are not a finite number per row"
            )
        return logits

    def explain(self, inputs: Inputs, most: int) -> list[list[Attribution]]:
        """See FittedModel."""
        with _named(self._name):
            return self.model.explain(inputs, most)

    def feature_gains(self) -> dict[str, float] | None:
        """See FittedModel."""
        with _named(self._name):
            return self.model.feature_gains()

    def save(self, folder: Path) -> None:
        """See FittedModel."""
        with _named(self._name):
            self.model.save(folder)


class PluginEstimator(Estimator[PluginModel]):
    """The estimator of the plug-in of that name, which is imported.

    Raises UsageError if there is none, or if it is no estimator of that name.
    """

    def __init__(self, name: str) -> None:
        found = load_plugin("estimator", name)
        if not isinstance(found, Estimator):
            raise UsageError(f"the estimator {name!r} of a plug-in is {type(found).__name__}, and no Estimator")
        with _named(name):
            self.name, self.files, self.reads_columns = found.name, tuple(found.files), found.reads_columns
        if self.name != name:
            raise UsageError(f"the estimator {name!r} of a plug-in calls itself {self.name!r}")
        self.estimator: Estimator[Any] = found

    def fit(self, training_set: TrainingSet) -> PluginModel:
        """See Estimator."""
        with _named(self.name):
            return PluginModel(self.name, self.estimator.fit(training_set))

    def load(self, folder: Path) -> PluginModel:
        """See Estimator."""
        with _named(self.name):
            return PluginModel(self.name, self.estimator.load(folder))

    def predict_held_out(self, training_set: TrainingSet) -> Floats:
        """See Estimator; one of the plug-in's own is not asked for."""
        return training_set.predict_inner_folds(self)


@contextmanager
def _named(name: str) -> Iterator[None]:
    try:
        yield
    except ScoreModelError:
        raise
    except Exception as error:
        text = " ".join(str(error).split())[:200]
        raise PluginError(f"the estimator {name!r} of a plug-in failed: {type(error).__name__}: {text}") from error
