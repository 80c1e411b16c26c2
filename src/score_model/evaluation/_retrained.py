"""Stress splits measured: the model's own kind and the baselines learn anew for each part."""

import msgspec
import numpy as np

from score_model.errors import UsageError
from score_model.evaluation._contest import Contest, Progress, fitted_logits, said_apart
from score_model.evaluation._records import Part, Split
from score_model.evaluation._said import Bools, Floats, Ints, Said, Scored, enough, said_across
from score_model.evaluation._settings import EvaluateSettings
from score_model.evaluation._stress import Holdout, Stress
from score_model.evaluation._tables import table_of
from score_model.metrics import auroc, clustered_bootstrap
from score_model.model import Rows, trusted_rows

_LEAST_TO_LEARN = 5

_ALONE = "Calibration and threshold come from out-of-fold scores of the rows that were learnt from."
_ACROSS = "Each part's calibration and threshold come from the scores of the other parts."


def stress_split(
    stress: Stress, rows: Rows, rate: float, contest: Contest, settings: EvaluateSettings, progress: Progress
) -> Split:
    """The split's figures on answers with actions. A part that can't be made is named with the reason."""
    if stress.skipped is not None:
        return Split(name=stress.name, title=stress.title, skipped=stress.skipped)
    made, parts = [], []
    for holdout in stress.holdouts:
        reason = _reason(rows, holdout)
        parts.append(_part(rows, holdout, reason))
        if reason is None:
            made.append(holdout)
    if not made:
        reasons = sorted({part.skipped for part in parts if part.skipped})
        return Split(name=stress.name, title=stress.title, skipped="; ".join(reasons), parts=tuple(parts))
    try:
        scored = _scored(rows, stress, made, contest, progress).with_majority(rate)
    except UsageError as few:
        return Split(name=stress.name, title=stress.title, skipped=str(few), parts=tuple(parts))
    tables = {}
    if scored.trusted.any():
        trusted = scored.take(np.flatnonzero(scored.trusted))
        tables["trusted"] = table_of(trusted.rows, trusted.said, trusted.parts, settings, whole=False)
    tables["non_empty"] = table_of(scored.rows, scored.said, scored.parts, settings, whole=False)
    numbers = iter(range(len(made)))
    return Split(
        name=stress.name,
        title=stress.title,
        notes=(*stress.notes, _ALONE if len(made) == 1 else _ACROSS),
        tables=tables,
        parts=tuple(part if part.skipped else _with_area(part, scored, next(numbers), settings) for part in parts),
    )


def _reason(rows: Rows, holdout: Holdout) -> str | None:
    believed = trusted_rows(rows)
    mask = np.zeros(len(rows), dtype=np.bool_)
    mask[holdout.learn] = True
    if enough(rows.labels, mask & believed, _LEAST_TO_LEARN):
        return None
    return f"fewer than {_LEAST_TO_LEARN} trusted failures or passes are left to learn from"


def _part(rows: Rows, holdout: Holdout, skipped: str | None) -> Part:
    return Part(
        name=holdout.name,
        learnt=len(holdout.learn),
        set_aside=holdout.set_aside,
        held=len(holdout.held),
        failures=int(np.sum(rows.labels[holdout.held] < 0.5)),
        skipped=skipped,
    )


def _scored(rows: Rows, stress: Stress, made: list[Holdout], contest: Contest, progress: Progress) -> Scored:
    places: Ints = np.concatenate([holdout.held for holdout in made])
    parts: Ints = np.concatenate([np.full(len(holdout.held), number) for number, holdout in enumerate(made)])
    held = rows.take(places)
    trusted: Bools = trusted_rows(held)
    said: dict[str, Said]
    if len(made) == 1:
        learn = rows.take(made[0].learn)
        said, _ = said_apart(learn, held, contest.lean, contest.settings, progress)
    else:
        logits: dict[str, list[Floats]] = {}
        for number, holdout in enumerate(made):
            progress(number, len(made), stress.title)
            learn, score = rows.take(holdout.learn), rows.take(holdout.held)
            for name, found in fitted_logits(learn, score, contest.lean, contest.settings).items():
                logits.setdefault(name, []).append(found)
        said = {name: said_across(np.concatenate(each), held.labels, trusted, parts) for name, each in logits.items()}
    return Scored(held, places, trusted, parts[None, :], {name: [each] for name, each in contest.named(said).items()})


def _with_area(part: Part, scored: Scored, number: int, settings: EvaluateSettings) -> Part:
    """The model's AUROC on the believed rows of the part."""
    inside = np.flatnonzero((scored.parts[0] == number) & scored.trusted)
    some = scored.take(inside)
    area = auroc(some.rows.labels > 0.5, some.said["model"][0].probability)
    found = clustered_bootstrap(area, some.rows.task_ids, resamples=settings.resamples, seed=settings.seed)
    return msgspec.structs.replace(part, auroc=found)
