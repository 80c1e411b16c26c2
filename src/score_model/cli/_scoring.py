"""Scoring a file, counted."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import msgspec

from score_model.cli._attempts import Named, attempts_of
from score_model.errors import UsageError
from score_model.model import Scorer, ScoreResult

_BATCH = 512
_MOST_FAULTS = 1000


class Totals(msgspec.Struct):
    """What was scored; `mean_probability` is 0 where nothing was."""

    scored: int = 0
    failed: int = 0
    abstained: int = 0
    without_actions: int = 0
    mean_probability: float = 0.0


class Scoring:
    """A file on its way through a model; `totals` and `faults` are complete once `results` has ended.

    Raises UsageError if the model or the file can't be read.
    """

    def __init__(self, model: Path, file: Path, traces: Path | None) -> None:
        self._scorer = Scorer.load(model)
        self._file = file
        self._attempts = attempts_of(file, traces)
        self.totals = Totals()
        self.faults: list[str] = []

    def results(self, drivers: int, progress: Callable[[int], None]) -> Iterator[tuple[Named, ScoreResult]]:
        """Each answer that could be scored with its score, in the file's order. Raises UsageError if there is none."""
        total, whole = self.totals, 0.0
        while batch := list(islice(self._attempts, _BATCH)):
            good = [named for named in batch if named.attempt is not None]
            attempts = [named.attempt for named in good if named.attempt is not None]
            for named in batch:
                if named.fault is not None:
                    total.failed += 1
                    if len(self.faults) < _MOST_FAULTS:
                        self.faults.append(named.fault)
            for named, result in zip(good, self._scorer.score_many(attempts, drivers=drivers), strict=True):
                total.scored += 1
                total.abstained += result.abstain
                total.without_actions += result.head == "rule"
                whole += result.probability
                total.mean_probability = whole / total.scored
                yield named, result
            progress(total.scored)
        if not total.scored and not total.failed:
            raise UsageError(f"{self._file}: no answers in it")
