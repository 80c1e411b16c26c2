"""Stress splits measured: the model's own kind and the baselines learn anew for each part."""

import msgspec
import numpy as np

from score_model.errors import UsageError
from score_model.evaluation._contest import Contest, Heard, Progress, hear
from score_model.evaluation._ground import Ground
from score_model.evaluation._records import Part, Split
from score_model.evaluation._said import Ints, Said, Scored
from score_model.evaluation._settings import EvaluateSettings
from score_model.evaluation._stress import Holdout, Stress
from score_model.evaluation._tables import claimed, table_of
from score_model.metrics import auroc, clustered_bootstrap
from score_model.model import Rows, trusted_rows

_INSIDE = "Kind, calibration and threshold come from inner folds of the rows that are learnt from."


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
