"""Splits that make it harder: what is scored shares no template, use case, website, validator or past with the rest."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from score_model.arrays import Bools, Ints
from score_model.errors import UsageError
from score_model.evaluation._contestants import Contestants, FoldPredictions, fit_and_predict
from score_model.evaluation._eval_set import EvalSet, HoldoutKeys
from score_model.evaluation._predictions import PredictedRows, Predictions
from score_model.evaluation._records import EvaluateSettings, Part, Split
from score_model.evaluation._tables import make_table, withhold_interval
from score_model.metrics import auroc, clustered_bootstrap
from score_model.model.fitting import Progress, Rows, grouped_folds, trusted_rows

TITLES = {
    "templates": "Action templates held out",
    "use_cases": "Use cases held out",
    "websites": "Websites held out, each once",
    "validators": "Validators held out, each once",
    "time": "Learnt from the past, scored on what came after",
}

_MOST_PARTS = 20  # values that are held out one by one; each costs a training run
_LATEST = 0.2
"""Share of the rows, the newest, that the split by time scores."""

_NO_DATASET = "needs the dataset: feature tables alone do not hold it"

_UNSEEN = "These are the model's own scores: at work, without a trace, it abstains on a website that it has not seen."

_PARTIAL = (
    "Where near-copies of the held-out tasks are nearly everywhere, only answers whose groups lie in one fold of "
    "groups are scored, and the other folds are learnt from."
)

_INSIDE = "Kind, calibration and threshold come from inner folds of the rows that are learnt from."


@dataclass(frozen=True)
class Holdout:
    """One fit: the rows that are learnt from and those that are scored. `purged` counts rows that are neither.

    `partial` says that only a part of what is held out is scored, so that enough is left to learn from.
    """

    name: str
    learn: Ints
    held: Ints
    purged: int
    partial: bool


@dataclass(frozen=True)
class StressSplit:
    """A split of that kind; `skipped` says why there is none."""

    name: str
    holdouts: tuple[Holdout, ...] = ()
    skipped: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What it is called in a report."""
        return TITLES[self.name]


def stress_splits(rows: Rows, keys: HoldoutKeys | None, folds: int, seed: int) -> Iterator[StressSplit]:
    """Every split of these rows (labelled, with actions). Without keys three of them can't be made."""
    try:
        cutter = _Splitter(rows, grouped_folds(rows.groups, rows.labels, folds, seed), folds, seed)
    except UsageError as few:
        yield from (StressSplit(name, skipped=str(few)) for name in TITLES)
        return
    cases = [repr(case) for case in zip(rows.inputs.websites, rows.inputs.use_cases, strict=True)]
    yield StressSplit("templates", skipped=_NO_DATASET) if keys is None else cutter.deal("templates", keys.templates)
    yield cutter.deal("use_cases", cases)
    yield cutter.hold_out_each("websites", rows.inputs.websites, (_UNSEEN,))
    yield (
        StressSplit("validators", skipped=_NO_DATASET)
        if keys is None
        else cutter.hold_out_each("validators", keys.validators)
    )
    yield StressSplit("time", skipped=_NO_DATASET) if keys is None else cutter.hold_out_newest(keys.times)


@dataclass(frozen=True)
class _Splitter:
    """Cuts rows so that groups never cross."""

    rows: Rows
    group_folds: Ints
    folds: int
    seed: int

    def deal(self, name: str, values: Sequence[str]) -> StressSplit:
        """Values dealt into folds, each fold held out once."""
        found = len(set(values))
        try:
            fold_of = grouped_folds(values, self.rows.labels, self.folds, self.seed)
        except UsageError:
            return StressSplit(name, skipped=f"{found} different ones are too few for {self.folds} folds")
        masks = [(f"fold {fold + 1}", fold_of == fold) for fold in range(self.folds)]
        return self._make(name, masks, (f"{found:,} of them, dealt into {self.folds} folds.",))

    def hold_out_each(self, name: str, values: Sequence[Hashable], notes: tuple[str, ...] = ()) -> StressSplit:
        """Every value held out once, in folds where there are many; rows without one are always learnt from."""
        known = sorted({str(value) for value in values if value is not None})
        if len(known) < 2:
            return StressSplit(name, skipped=f"the rows have {len(known) or 'no'} known one, and two are needed")
        parts = [(each, [each]) for each in known]
        if len(known) > _MOST_PARTS:
            parts = [(f"fold {fold + 1}", known[fold :: self.folds]) for fold in range(self.folds)]
            notes = (*notes, f"{len(known):,} of them, dealt into {self.folds} folds.")
        masks = [
            (title, np.array([value is not None and str(value) in inside for value in values], dtype=np.bool_))
            for title, inside in parts
        ]
        return self._make(name, masks, notes)

    def hold_out_newest(self, times: Sequence[int | None]) -> StressSplit:
        """The newest fifth held out; answers of one moment stay together."""
        known = sorted(time for time in times if time is not None)
        if not known or known[0] == known[-1]:
            return StressSplit("time", skipped="no two answers have different times")
        cut = known[min(len(known) - 1, int((1.0 - _LATEST) * len(known)))]
        if cut == known[0]:
            cut = next(time for time in known if time > cut)
        after = np.array([time is not None and time >= cut for time in times], dtype=np.bool_)
        before = np.array([time is not None and time < cut for time in times], dtype=np.bool_)
        missing = len(times) - len(known)
        notes = (f"{missing:,} answers have no time and take no part.",) if missing else ()
        return self._make("time", [("the newest fifth", after)], notes, before)

    def _make(
        self, name: str, masks: Sequence[tuple[str, Bools]], notes: tuple[str, ...], may_learn: Bools | None = None
    ) -> StressSplit:
        holdouts = tuple(self._holdout(number, *mask, may_learn) for number, mask in enumerate(masks))
        partial = any(holdout.partial for holdout in holdouts)
        return StressSplit(name, holdouts, notes=(*notes, _PARTIAL) if partial else notes)

    def _holdout(self, number: int, name: str, held: Bools, may_learn: Bools | None) -> Holdout:
        """Rows of groups among the held ones are not learnt from; where that leaves under half, less is scored."""
        allowed = ~held if may_learn is None else ~held & may_learn
        groups = {self.rows.groups[row] for row in np.flatnonzero(held).tolist()}
        learn = allowed & np.array([group not in groups for group in self.rows.groups], dtype=np.bool_)
        partial = bool(2 * learn.sum() < allowed.sum())
        if partial:
            in_fold = self.group_folds == number % self.folds
            held, learn = held & in_fold, allowed & ~in_fold
        purged = int(len(self.rows) - learn.sum() - held.sum())
        return Holdout(name, np.flatnonzero(learn), np.flatnonzero(held), purged, partial)


def measure_stress_split(
    stress: StressSplit, eval_set: EvalSet, contestants: Contestants, settings: EvaluateSettings, progress: Progress
) -> Split:
    """The split's figures on answers with actions. A part that can't be made is named with the reason."""
    if stress.skipped is not None:
        return Split(name=stress.name, title=stress.title, skipped=stress.skipped)
    made: list[tuple[Holdout, FoldPredictions]] = []
    parts: list[Part] = []
    for number, holdout in enumerate(stress.holdouts):

        def report(what: str, number: int = number) -> None:
            progress(number, len(stress.holdouts), f"{stress.title}: {what}")

        reason = None
        try:
            made.append(
                (
                    holdout,
                    fit_and_predict(eval_set, holdout.learn, holdout.held, contestants, contestants.kinds, report),
                )
            )
        except UsageError as few:
            reason = f"too little is left to learn from: {few}"
        parts.append(_part(eval_set.non_empty, holdout, reason))
    if not made:
        reasons = sorted({part.skipped for part in parts if part.skipped})
        return Split(name=stress.name, title=stress.title, skipped="; ".join(reasons), parts=tuple(parts))
    scored = _join(eval_set.non_empty, made)
    tables = {}
    if scored.trusted.any():
        trusted = scored.take(np.flatnonzero(scored.trusted))
        tables["trusted"] = make_table(trusted.rows, trusted.predictions, trusted.parts, settings, whole=False)
    tables["non_empty"] = make_table(scored.rows, scored.predictions, scored.parts, settings, whole=False)
    numbers, kinds = iter(range(len(made))), [found.kind for _, found in made]
    return Split(
        name=stress.name,
        title=stress.title,
        notes=(*stress.notes, _INSIDE),
        tables=tables,
        parts=tuple(part if part.skipped else _with_auroc(part, scored, next(numbers), settings) for part in parts),
        kinds={kind: kinds.count(kind) for kind in sorted(set(kinds))},
    )


def _part(rows: Rows, holdout: Holdout, skipped: str | None) -> Part:
    return Part(
        name=holdout.name,
        learnt=len(holdout.learn),
        purged=holdout.purged,
        held=len(holdout.held),
        failures=int(np.sum(rows.labels[holdout.held] < 0.5)),
        skipped=skipped,
    )


def _join(rows: Rows, made: list[tuple[Holdout, FoldPredictions]]) -> PredictedRows:
    places: Ints = np.concatenate([holdout.held for holdout, _ in made])
    parts: Ints = np.concatenate([np.full(len(holdout.held), number) for number, (holdout, _) in enumerate(made)])
    held, every = rows.take(places), [found.predictions for _, found in made]
    predictions = {name: [Predictions.join([each[name] for each in every])] for name in every[0]}
    return PredictedRows(held, places, trusted_rows(held), parts[None, :], predictions)


def _with_auroc(part: Part, scored: PredictedRows, number: int, settings: EvaluateSettings) -> Part:
    """The model's AUROC on the trusted rows of the part."""
    inside = np.flatnonzero((scored.parts[0] == number) & scored.trusted)
    some = scored.take(inside)
    area = auroc(some.rows.labels > 0.5, some.predictions["model"][0].probability)
    found = clustered_bootstrap(area, some.rows.task_ids, resamples=settings.resamples, seed=settings.seed)
    failures = int(np.sum(some.rows.labels < 0.5))
    return msgspec.structs.replace(part, auroc=withhold_interval(found, failures, len(inside)))
