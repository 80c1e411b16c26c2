"""The scorer: a trained model at work."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from score_model.contract import Observation
from score_model.errors import UsageError
from score_model.features import Behaviour, behaviour_of, prefix
from score_model.model._estimators.base import Attribution
from score_model.model._estimators.baselines import Rates
from score_model.model._estimators.logistic import IMPOSSIBLE
from score_model.model._inputs import Inputs, TaskLike, make_inputs, make_observation
from score_model.model._serving.checkpoint import load_model
from score_model.model._serving.head import Head
from score_model.traces import Trace

RULE = "rule"
"""The head of an answer without actions, which no model needs to see."""

_BATCH = 512
_DRIVERS = 5


class ScoreResult(msgspec.Struct, frozen=True, kw_only=True):
    """How good an answer is.

    `probability` of success, calibrated; `interval` holds it. `score` is the expected score in 0..1. `strength` orders
    answers to the same task that the same head judged, the greatest first, and means nothing across tasks or heads
    (`best_first`). `drivers` are what moved the head's own probability most. `head` is what judged: `actions`, `traces`
    or `rule`.

    `abstain` says that the answer is unlike the training data, and `reason` why; then the interval is 0 to 1. Where the
    model saw no trace either, probability and score are those of the success rate that `reason` names (use case →
    website → everything), and the strength is the head's own guess.
    """

    probability: float
    score: float
    interval: tuple[float, float]
    strength: float
    drivers: tuple[Attribution, ...]
    abstain: bool
    reason: str | None
    head: str


_NO_ACTIONS = ScoreResult(
    probability=0.0,
    score=0.0,
    interval=(0.0, 0.0),
    strength=IMPOSSIBLE,
    drivers=(Attribution("actions", 0.0, IMPOSSIBLE),),
    abstain=False,
    reason="an answer without actions fails",
    head=RULE,
)


def best_first(results: Sequence[ScoreResult]) -> list[int]:
    """The places of the results of answers to one task, the best first; equal ones keep their order (`standings`)."""
    return sorted(range(len(results)), key=standings(results).__getitem__)


def standings(results: Sequence[ScoreResult]) -> list[int]:
    """The standing of each result among answers to one task: 1 for the best, the same for those that nothing tells
    apart, then one more than there are better ones.

    By strength where one head judged them all. Strengths of different heads are on different scales: where heads mix,
    the calibrated probability comes first and the strength only tells apart what it leaves equal. Answers without
    actions are last in any case.
    """
    mixed = len({result.head for result in results} - {RULE}) > 1
    keys = [(result.head == RULE, -result.probability if mixed else 0.0, -result.strength) for result in results]
    first: dict[tuple[bool, float, float], int] = {}
    for standing, key in enumerate(sorted(keys), 1):
        first.setdefault(key, standing)
    return [first[key] for key in keys]


class Attempt(NamedTuple):
    """An answer to a task; `actions` and `task` in any spelling, `trace` if it was replayed."""

    task: TaskLike
    actions: Sequence[Any]
    trace: Trace | Behaviour | None = None


class Scorer:
    """Scores answers. Make one with `Scorer.load`; it can be shared by threads and holds no state of an answer."""

    def __init__(self, heads: dict[str, Head], rates: Rates) -> None:
        self._heads, self._rates = heads, rates

    @classmethod
    def load(cls, path: str | Path, *, allow_plugin: Collection[str] = ()) -> "Scorer":
        """Return the scorer of a model folder. Nothing in it is run, and only plug-ins named here are imported.

        Raises UsageError if it is missing or damaged, or needs a plug-in that is not allowed.
        """
        trained = load_model(Path(path), allow_plugin)
        return cls(trained.heads, trained.rates)

    @property
    def heads(self) -> tuple[str, ...]:
        """What it can judge by: `actions` and, if it learnt from traces, `traces`."""
        return tuple(self._heads)

    def threshold(self, head: str = "actions") -> float | None:
        """The probability from which on an answer is called passed; None where training could not choose one.

        It has the best mean F1 of both classes on out-of-fold scores of val, or of all rows where val is too small.
        Raises UsageError if there is no such head.
        """
        return self._head(head).calibrated.threshold

    def score(
        self, task: TaskLike, actions: Sequence[Any], trace: Trace | Behaviour | None = None, *, drivers: int = _DRIVERS
    ) -> ScoreResult:
        """The score of one answer. Raises ContractError if the task or the list of actions is none."""
        return next(self.score_many([Attempt(task, actions, trace)], drivers=drivers))

    def score_many(self, attempts: Iterable[Attempt], *, drivers: int = 0) -> Iterator[ScoreResult]:
        """The scores of many answers in their order, in batches; `drivers` of each, which cost most of the time."""
        remaining = iter(attempts)
        while batch := list(islice(remaining, _BATCH)):
            observations = [make_observation(task, actions) for task, actions, _ in batch]
            behaviours = [behaviour_of(trace) if isinstance(trace, Trace) else trace for *_, trace in batch]
            yield from self.score_observations(observations, behaviours, drivers=drivers)

    def score_observations(
        self, observations: Sequence[Observation], behaviours: Sequence[Behaviour | None], *, drivers: int = 0
    ) -> list[ScoreResult]:
        """The scores of observations and, where there is one, of what a trace shows of each."""
        results = [_NO_ACTIONS] * len(observations)
        by_head: dict[str, list[int]] = {}
        for row, (observation, behaviour) in enumerate(zip(observations, behaviours, strict=True)):
            if observation.actions:
                by_head.setdefault("traces" if behaviour and "traces" in self._heads else "actions", []).append(row)
        for name, rows in by_head.items():
            traced = name == "traces"
            inputs = make_inputs(
                [observations[row] for row in rows], [behaviours[row] if traced else None for row in rows]
            )
            for row, result in zip(rows, self.score_inputs(inputs, name, drivers=drivers), strict=True):
                results[row] = result
        return results

    def score_inputs(self, inputs: Inputs, head_name: str, *, drivers: int = 0) -> list[ScoreResult]:
        """The scores of rows of features by one head. Raises UsageError if there is no such head."""
        head = self._head(head_name)
        output = head.predict(inputs)
        reasons = head.detector.find_reasons(inputs, by_trace=head.reads_traces)
        moved = head.model.explain(inputs, drivers) if drivers else [[] for _ in range(len(inputs))]
        results = []
        for row, reason in enumerate(reasons):
            probability, score, strength = output.probabilities[row], output.scores[row], output.strengths[row]
            if reason is not None and not head.reads_traces:
                # What was learnt says nothing of the level here. The order of answers stays the head's: a guess, and
                # better than that of the file.
                closest = self._rates.closest(inputs.websites[row], inputs.use_cases[row])
                probability, reason = closest.rate, f"{reason}; the probability is the success rate of {closest.of}"
                score = head.expected.mixture.predict_scores(np.array([probability]))[0]
            low, high = (0.0, 1.0) if reason is not None else output.intervals[row].tolist()
            results.append(
                ScoreResult(
                    probability=float(probability),
                    score=float(score),
                    interval=(low, high),
                    strength=float(strength),
                    drivers=tuple(moved[row]),
                    abstain=reason is not None,
                    reason=reason,
                    head=head_name,
                )
            )
        return results

    def _head(self, name: str) -> Head:
        if name not in self._heads:
            raise UsageError(f"the model has no head {name!r}: it has {', '.join(self._heads)}")
        return self._heads[name]

    def potentials(self, task: TaskLike, actions: Sequence[Any], trace: Trace | Behaviour | None = None) -> list[float]:
        """The probability of success of the first k actions, for k = 0 (which is 0.0) to all of them."""
        observation = make_observation(task, actions)
        behaviour = behaviour_of(trace) if isinstance(trace, Trace) else trace
        prefixes = [prefix(observation, behaviour, k) for k in range(len(observation.actions) + 1)]
        results = self.score_observations([short for short, _ in prefixes], [seen for _, seen in prefixes])
        return [result.probability for result in results]


def rank(scorer: Scorer, attempts: Sequence[Attempt]) -> list[tuple[int, ScoreResult]]:
    """The attempts at one task, best first (`best_first`), each with its place in the list."""
    results = list(scorer.score_many(attempts))
    return [(place, results[place]) for place in best_first(results)]
