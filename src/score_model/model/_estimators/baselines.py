"""The trivial baselines: what a model must beat to be worth its name."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec
import numpy as np

from score_model.arrays import Floats
from score_model.model._estimators.base import Estimator, FittedModel, TrainingSet
from score_model.model._estimators.logistic import logit
from score_model.model._files import read_json, write_json
from score_model.model._inputs import Inputs

RATES_FILE = "rates.json"

_PRIOR_ROWS = 10.0
"""How many rows a rate counts for where it stands in for a rate that fewer rows back."""

_MOST_ACTIONS = 20

_Key = TypeVar("_Key", bound=Hashable)


class Closest(NamedTuple):
    """The success rate of the closest thing that has been seen, and of what it is one: a phrase without names."""

    rate: float
    of: str


class Rates(FittedModel, msgspec.Struct, frozen=True):
    """Success rates that back off: use case of a website → website → everything.

    `websites` are by name, `use_cases` by website and name as a JSON pair.
    """

    overall: float
    websites: dict[str, float]
    use_cases: dict[str, float]

    def __post_init__(self) -> None:
        """Raises ValueError if one of them is no rate."""
        if not all(0.0 <= rate <= 1.0 for rate in (self.overall, *self.websites.values(), *self.use_cases.values())):
            raise ValueError("a rate lies outside of 0..1")

    @classmethod
    def of(cls, inputs: Inputs, labels: Floats, weights: Floats) -> "Rates":
        """Each rate is drawn towards the one that it backs off to, which counts for ten rows."""
        overall = float(weights @ labels / weights.sum())
        by_site = _sum_by(inputs.websites, labels, weights)
        websites = {site: _shrink(sums, overall) for site, sums in by_site.items() if site is not None}
        by_case = _sum_by(zip(inputs.websites, inputs.use_cases, strict=True), labels, weights)
        use_cases = {
            _join_key(site, case): _shrink(sums, overall if site is None else websites[site])
            for (site, case), sums in by_case.items()
            if case is not None
        }
        return cls(overall, dict(sorted(websites.items())), dict(sorted(use_cases.items())))

    def rate(self, website: str | None, use_case: str | None) -> float:
        """The success rate of the closest thing that has been seen."""
        return self.closest(website, use_case).rate

    def closest(self, website: str | None, use_case: str | None) -> Closest:
        """That rate, and whether it is the use case's, the website's or everything's."""
        found = self.use_cases.get(_join_key(website, use_case))
        if found is not None:
            return Closest(found, "the use case on this website")
        found = None if website is None else self.websites.get(website)
        if found is not None:
            return Closest(found, "the website")
        return Closest(self.overall, "all answers learnt from")

    def predict_logits(self, inputs: Inputs) -> Floats:
        """See FittedModel."""
        pairs = zip(inputs.websites, inputs.use_cases, strict=True)
        return logit(np.array([self.rate(website, use_case) for website, use_case in pairs]))

    def save(self, folder: Path) -> None:
        """See FittedModel."""
        write_json(folder / RATES_FILE, self)

    @classmethod
    def load(cls, folder: Path) -> "Rates":
        """The rates of a folder. Raises UsageError if they are damaged."""
        return read_json(folder / RATES_FILE, cls)


class CountRates(FittedModel, msgspec.Struct, frozen=True):
    """Success rate by number of actions; 20 and more are one."""

    overall: float
    counts: dict[int, float]

    def predict_logits(self, inputs: Inputs) -> Floats:
        """See FittedModel."""
        capped = np.minimum(inputs.action_counts, _MOST_ACTIONS).tolist()
        return logit(np.array([self.counts.get(count, self.overall) for count in capped]))

    def save(self, folder: Path) -> None:
        """See FittedModel."""
        write_json(folder / "action_count.json", self)


class RateEstimator(Estimator[Rates]):
    """The use case's success rate."""

    name = "use_case_rate"
    reads_columns = False

    def fit(self, training_set: TrainingSet) -> Rates:
        """See Estimator."""
        return Rates.of(training_set.inputs, training_set.labels, training_set.weights)


class MajorityEstimator(Estimator[CountRates]):
    """The same for every row; calibration makes it the success rate.

    By the rule that an answer without actions fails it is also `empty_answer`.
    """

    name = "majority"
    reads_columns = False

    def fit(self, training_set: TrainingSet) -> CountRates:
        """See Estimator."""
        return CountRates(0.5, {})


class CountEstimator(Estimator[CountRates]):
    """The success rate of answers with as many actions."""

    name = "action_count"
    reads_columns = False

    def fit(self, training_set: TrainingSet) -> CountRates:
        """See Estimator."""
        labels, weights = training_set.labels, training_set.weights
        overall = float(weights @ labels / weights.sum())
        sums = _sum_by(np.minimum(training_set.inputs.action_counts, _MOST_ACTIONS).tolist(), labels, weights)
        return CountRates(overall, {count: _shrink(sums[count], overall) for count in sorted(sums)})


def _join_key(website: str | None, use_case: str | None) -> str:
    return msgspec.json.encode((website, use_case)).decode()


def _sum_by(keys: Iterable[_Key], labels: Floats, weights: Floats) -> dict[_Key, list[float]]:
    sums: dict[_Key, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for key, label, weight in zip(keys, labels, weights, strict=True):
        sums[key][0] += weight * label
        sums[key][1] += weight
    return sums


def _shrink(sums: Sequence[float], towards: float) -> float:
    return float((sums[0] + _PRIOR_ROWS * towards) / (sums[1] + _PRIOR_ROWS))
