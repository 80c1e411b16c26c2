"""The other two outputs of a head, each chosen by what it does on held-out folds: expected score and preference."""

from dataclasses import dataclass

import msgspec
import numpy as np

from score_model.arrays import Floats, Ints
from score_model.model._calibration.bradley_terry import Preference, fit_preference, pairs_within_tasks
from score_model.model._calibration.expected_score import ExpectedScore, Mixture, grow_score_trees
from score_model.model._folds import fold_pairs
from score_model.model._inputs import Rows


class ExpectedReport(msgspec.Struct, frozen=True, kw_only=True):
    """Mean squared error of the expected score out of fold, by the mixture and by trees (None: not tried)."""

    mixture_mse: float | None
    trees_mse: float | None
    chosen: str


class PreferenceReport(msgspec.Struct, frozen=True, kw_only=True):
    """Share of held-out pairs within tasks in the right order, by success and by Bradley–Terry (None: no pairs)."""

    pairs: int
    by_success: float | None
    by_preference: float | None
    rank_by: str


@dataclass(frozen=True)
class HeldOut:
    """Trusted rows, their folds and their calibrated probabilities out of fold."""

    rows: Rows
    folds: Ints
    probabilities: Floats


def train_expected(
    learnt: Rows, columns: tuple[str, ...], weights: Floats, held: HeldOut, seed: int
) -> tuple[ExpectedScore, ExpectedReport]:
    """Trees are tried where scores are more than passed or failed; the lower error on held-out folds decides."""
    mixture = Mixture.of(learnt.labels, learnt.scores, weights)
    scores = held.rows.scores
    known = np.flatnonzero(~np.isnan(scores))
    if len(known) == 0:
        return ExpectedScore(mixture, None), ExpectedReport(mixture_mse=None, trees_mse=None, chosen="mixture")
    by_mixture, by_trees = np.empty(len(scores)), np.empty(len(scores))
    graded = bool(np.any((scores[known] != 0.0) & (scores[known] != 1.0)))
    for learn, score in fold_pairs(held.folds):
        seen = np.intersect1d(learn, known)
        ones, some = np.ones(len(seen)), held.rows.take(seen)
        by_mixture[score] = Mixture.of(some.labels, some.scores, ones).predict_scores(held.probabilities[score])
        if graded:
            grown = grow_score_trees(some.inputs, columns, some.scores, ones, seed)
            by_trees[score] = np.clip(grown.values(held.rows.inputs.take(score)), 0.0, 1.0)
    error = float(np.mean((by_mixture[known] - scores[known]) ** 2))
    tree_error = float(np.mean((by_trees[known] - scores[known]) ** 2)) if graded else None
    trees = None
    if tree_error is not None and tree_error < error:
        have = np.flatnonzero(~np.isnan(learnt.scores))
        trees = grow_score_trees(learnt.inputs.take(have), columns, learnt.scores[have], weights[have], seed)
    chosen = "trees" if trees else "mixture"
    return ExpectedScore(mixture, trees), ExpectedReport(mixture_mse=error, trees_mse=tree_error, chosen=chosen)


def train_preference(
    trusted: Rows, columns: tuple[str, ...], logits: Floats, folds: Ints
) -> tuple[Preference, PreferenceReport]:
    """Bradley–Terry on all pairs; it ranks answers if it orders held-out pairs better than the log-odds of success do.

    `logits` are out-of-fold. Rows without a score are compared by whether they passed.
    """
    truth = np.where(np.isnan(trusted.scores), trusted.labels, trusted.scores)
    pairs = pairs_within_tasks(trusted.task_ids, truth)
    by_success, by_preference = 0.0, 0.0
    for fold in range(int(folds.max()) + 1):
        inside = folds[pairs[:, 0]] == fold  # a task lies in one group, so both rows of a pair are in one fold
        held_out = pairs[inside]
        fitted = fit_preference(trusted.inputs, columns, logits, pairs[~inside])
        strengths = fitted.strengths(trusted.inputs, logits)
        by_success += _in_order(logits, held_out)
        by_preference += _in_order(strengths, held_out)
    found = len(pairs) > 0
    report = PreferenceReport(
        pairs=len(pairs),
        by_success=by_success / len(pairs) if found else None,
        by_preference=by_preference / len(pairs) if found else None,
        rank_by="preference" if by_preference > by_success else "success",
    )
    return fit_preference(trusted.inputs, columns, logits, pairs), report


def _in_order(strengths: Floats, pairs: Ints) -> float:
    """How many pairs (better, worse) have the better one ahead; equal strengths count half."""
    gaps = strengths[pairs[:, 0]] - strengths[pairs[:, 1]]
    return float(np.sum(gaps > 0) + 0.5 * np.sum(gaps == 0))
