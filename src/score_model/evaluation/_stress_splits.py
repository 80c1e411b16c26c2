"""Splits that make it harder: what is scored shares no template, use case, website, validator or past with the rest."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from score_model.arrays import Bools, Ints
from score_model.errors import UsageError
from score_model.evaluation._contestants import Contest, Heard, hear
from score_model.evaluation._eval_set import Ground, Keys
from score_model.evaluation._predictions import Said, Scored
from score_model.evaluation._records import EvaluateSettings, Part, Split
from score_model.evaluation._tables import claimed, table_of
from score_model.metrics import auroc, clustered_bootstrap
from score_model.model import Progress, Rows, grouped_folds, trusted_rows

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

_CROSSED = (
    "Where near-copies of the held-out tasks are nearly everywhere, only answers whose groups lie in one fold of "
    "groups are scored, and the other folds are learnt from."
)

_INSIDE = "Kind, calibration and threshold come from inner folds of the rows that are learnt from."


@dataclass(frozen=True)
class Holdout:
    """One fit: the rows that are learnt from and those that are scored. `set_aside` counts rows that are neither.

    `crossed` says that only a part of what is held out is scored, so that enough is left to learn from.
    """

    name: str
    learn: Ints
    held: Ints
    set_aside: int
    crossed: bool


@dataclass(frozen=True)
class Stress:
    """A split of that kind; `skipped` says why there is none."""

    name: str
    holdouts: tuple[Holdout, ...] = ()
    skipped: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What it is called in a report."""
        return TITLES[self.name]


def stress_splits(rows: Rows, keys: Keys | None, folds: int, seed: int) -> Iterator[Stress]:
    """Every split of these rows (labelled, with actions). Without keys three of them can't be made."""
    try:
        cutter = _Cutter(rows, grouped_folds(rows.groups, rows.labels, folds, seed), folds, seed)
    except UsageError as few:
        yield from (Stress(name, skipped=str(few)) for name in TITLES)
        return
    cases = [repr(case) for case in zip(rows.inputs.websites, rows.inputs.use_cases, strict=True)]
    yield Stress("templates", skipped=_NO_DATASET) if keys is None else cutter.dealt("templates", keys.templates)
    yield cutter.dealt("use_cases", cases)
    yield cutter.each_once("websites", rows.inputs.websites, (_UNSEEN,))
    yield Stress("validators", skipped=_NO_DATASET) if keys is None else cutter.each_once("validators", keys.validators)
    yield Stress("time", skipped=_NO_DATASET) if keys is None else cutter.by_time(keys.times)


@dataclass(frozen=True)
class _Cutter:
    """Cuts rows so that groups never cross."""

    rows: Rows
    group_folds: Ints
    folds: int
    seed: int

    def dealt(self, name: str, values: Sequence[str]) -> Stress:
        """Values dealt into folds, each fold held out once."""
        found = len(set(values))
        try:
            fold_of = grouped_folds(values, self.rows.labels, self.folds, self.seed)
        except UsageError:
            return Stress(name, skipped=f"{found} different ones are too few for {self.folds} folds")
        masks = [(f"fold {fold + 1}", fold_of == fold) for fold in range(self.folds)]
        return self._stress(name, masks, (f"{found:,} of them, dealt into {self.folds} folds.",))

    def each_once(self, name: str, values: Sequence[Hashable], notes: tuple[str, ...] = ()) -> Stress:
        """Every value held out once, in folds where there are many; rows without one are always learnt from."""
        known = sorted({str(value) for value in values if value is not None})
        if len(known) < 2:
            return Stress(name, skipped=f"the rows have {len(known) or 'no'} known one, and two are needed")
        parts = [(each, [each]) for each in known]
        if len(known) > _MOST_PARTS:
            parts = [(f"fold {fold + 1}", known[fold :: self.folds]) for fold in range(self.folds)]
            notes = (*notes, f"{len(known):,} of them, dealt into {self.folds} folds.")
        masks = [
            (title, np.array([value is not None and str(value) in inside for value in values], dtype=np.bool_))
            for title, inside in parts
        ]
        return self._stress(name, masks, notes)

    def by_time(self, times: Sequence[int | None]) -> Stress:
        """The newest fifth held out; answers of one moment stay together."""
        known = sorted(time for time in times if time is not None)
        if not known or known[0] == known[-1]:
            return Stress("time", skipped="no two answers have different times")
        cut = known[min(len(known) - 1, int((1.0 - _LATEST) * len(known)))]
        if cut == known[0]:
            cut = next(time for time in known if time > cut)
        after = np.array([time is not None and time >= cut for time in times], dtype=np.bool_)
        before = np.array([time is not None and time < cut for time in times], dtype=np.bool_)
        missing = len(times) - len(known)
        notes = (f"{missing:,} answers have no time and take no part.",) if missing else ()
        return self._stress("time", [("the newest fifth", after)], notes, before)

    def _stress(
        self, name: str, masks: Sequence[tuple[str, Bools]], notes: tuple[str, ...], may_learn: Bools | None = None
    ) -> Stress:
        holdouts = tuple(self._holdout(number, *mask, may_learn) for number, mask in enumerate(masks))
        crossed = any(holdout.crossed for holdout in holdouts)
        return Stress(name, holdouts, notes=(*notes, _CROSSED) if crossed else notes)

    def _holdout(self, number: int, name: str, held: Bools, may_learn: Bools | None) -> Holdout:
        """Rows of groups among the held ones are not learnt from; where that leaves under half, less is scored."""
        allowed = ~held if may_learn is None else ~held & may_learn
        groups = {self.rows.groups[row] for row in np.flatnonzero(held).tolist()}
        learn = allowed & np.array([group not in groups for group in self.rows.groups], dtype=np.bool_)
        crossed = bool(2 * learn.sum() < allowed.sum())
        if crossed:
            in_fold = self.group_folds == number % self.folds
            held, learn = held & in_fold, allowed & ~in_fold
        aside = int(len(self.rows) - learn.sum() - held.sum())
        return Holdout(name, np.flatnonzero(learn), np.flatnonzero(held), aside, crossed)


def stress_split(
    stress: Stress, ground: Ground, contest: Contest, settings: EvaluateSettings, progress: Progress
) -> Split:
    """The split's figures on answers with actions. A part that can't be made is named with the reason."""
    if stress.skipped is not None:
        return Split(name=stress.name, title=stress.title, skipped=stress.skipped)
    made: list[tuple[Holdout, Heard]] = []
    parts: list[Part] = []
    for number, holdout in enumerate(stress.holdouts):

        def told(what: str, number: int = number) -> None:
            progress(number, len(stress.holdouts), f"{stress.title}: {what}")

        reason = None
        try:
            made.append((holdout, hear(ground, holdout.learn, holdout.held, contest, contest.all, told)))
        except UsageError as few:
            reason = f"too little is left to learn from: {few}"
        parts.append(_part(ground.acted, holdout, reason))
    if not made:
        reasons = sorted({part.skipped for part in parts if part.skipped})
        return Split(name=stress.name, title=stress.title, skipped="; ".join(reasons), parts=tuple(parts))
    scored = _scored(ground.acted, made)
    tables = {}
    if scored.trusted.any():
        trusted = scored.take(np.flatnonzero(scored.trusted))
        tables["trusted"] = table_of(trusted.rows, trusted.said, trusted.parts, settings, whole=False)
    tables["non_empty"] = table_of(scored.rows, scored.said, scored.parts, settings, whole=False)
    numbers, kinds = iter(range(len(made))), [heard.kind for _, heard in made]
    return Split(
        name=stress.name,
        title=stress.title,
        notes=(*stress.notes, _INSIDE),
        tables=tables,
        parts=tuple(part if part.skipped else _with_area(part, scored, next(numbers), settings) for part in parts),
        kinds={kind: kinds.count(kind) for kind in sorted(set(kinds))},
    )


def _part(rows: Rows, holdout: Holdout, skipped: str | None) -> Part:
    return Part(
        name=holdout.name,
        learnt=len(holdout.learn),
        set_aside=holdout.set_aside,
        held=len(holdout.held),
        failures=int(np.sum(rows.labels[holdout.held] < 0.5)),
        skipped=skipped,
    )


def _scored(rows: Rows, made: list[tuple[Holdout, Heard]]) -> Scored:
    places: Ints = np.concatenate([holdout.held for holdout, _ in made])
    parts: Ints = np.concatenate([np.full(len(holdout.held), number) for number, (holdout, _) in enumerate(made)])
    held, every = rows.take(places), [heard.said for _, heard in made]
    said = {name: [Said.joined([each[name] for each in every])] for name in every[0]}
    return Scored(held, places, trusted_rows(held), parts[None, :], said)


def _with_area(part: Part, scored: Scored, number: int, settings: EvaluateSettings) -> Part:
    """The model's AUROC on the believed rows of the part."""
    inside = np.flatnonzero((scored.parts[0] == number) & scored.trusted)
    some = scored.take(inside)
    area = auroc(some.rows.labels > 0.5, some.said["model"][0].probability)
    found = clustered_bootstrap(area, some.rows.task_ids, resamples=settings.resamples, seed=settings.seed)
    failures = int(np.sum(some.rows.labels < 0.5))
    return msgspec.structs.replace(part, auroc=claimed(found, failures, len(inside)))
