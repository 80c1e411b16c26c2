"""How close a predicted score is to the recorded one, over the rows whose score is known."""

import numpy as np
import numpy.typing as npt

from score_model.metrics._inputs import Floats, Gappy, as_numbers, same_length
from score_model.metrics._metric import Metric, Ties, divide, ratio


def score_mae(score: Gappy, predicted: npt.ArrayLike) -> Metric:
    """Mean absolute error; rows whose score is None or NaN are left out."""
    truth, guess = as_numbers(score, "score", may_miss=True), as_numbers(predicted, "predicted")
    same_length(score=truth, predicted=guess)
    known = ~np.isnan(truth)
    errors = np.where(known, np.abs(guess - truth), 0.0)
    return ratio(errors, known.astype(np.float64), n=int(known.sum()), undefined="no row has a score")


def spearman(score: Gappy, predicted: npt.ArrayLike) -> Metric:
    """Spearman's rank correlation, tied values sharing their mean rank; undefined where either side is constant."""
    truth, guess = as_numbers(score, "score", may_miss=True), as_numbers(predicted, "predicted")
    rows = same_length(score=truth, predicted=guess)
    known = np.flatnonzero(~np.isnan(truth))
    truth_ties, guess_ties = Ties.of(truth[known]), Ties.of(guess[known])
    truth_blocks, guess_blocks = truth_ties.block_of_row(), guess_ties.block_of_row()

    def compute(weights: Floats) -> Floats:
        kept = weights[:, known]
        left = _centred_ranks(kept, truth_ties)[:, truth_blocks]
        right = _centred_ranks(kept, guess_ties)[:, guess_blocks]
        weighted = kept * left
        spread = np.sqrt((weighted * left).sum(axis=1) * (kept * right * right).sum(axis=1))
        return divide((weighted * right).sum(axis=1), spread)

    return Metric(compute, rows, len(known), "rows", "needs two different scores and two different predictions")


def _centred_ranks(weights: Floats, ties: Ties) -> Floats:
    """Mean rank of each block minus the mean of all ranks (resamples × blocks)."""
    mass = ties.sums(weights[:, ties.order])
    ranks: Floats = np.cumsum(mass, axis=1) - mass / 2 - mass.sum(axis=1, keepdims=True) / 2
    return ranks
