"""Whether a probability means what it says."""

import numpy as np
import numpy.typing as npt

from score_model.arrays import Floats
from score_model.metrics._bootstrap import clustered_bootstraps
from score_model.metrics._metric import (
    Indices,
    Labels,
    Metric,
    Ties,
    as_flags,
    as_probabilities,
    divide,
    mean,
    ratio,
    same_length,
)
from score_model.metrics._records import ReliabilityBin

MAX_BINS = 15
ROWS_PER_BIN = 20  # fewer rows say nothing about a rate: its standard error would pass 0.11

_EPSILON = float(np.finfo(np.float64).eps)


def brier(passed: npt.ArrayLike, probability: npt.ArrayLike) -> Metric:
    """Mean squared difference of probability and outcome (Brier 1950)."""
    flags, numbers = _columns(passed, probability)
    return mean((numbers - flags) ** 2)


def log_loss(passed: npt.ArrayLike, probability: npt.ArrayLike) -> Metric:
    """Mean negative log likelihood in nats; probabilities are kept one float64 epsilon from 0 and 1."""
    flags, numbers = _columns(passed, probability)
    clipped = clip(numbers)
    return mean(-np.log(np.where(flags == 1, clipped, 1 - clipped)))


def clip(probability: Floats) -> Floats:
    """Probabilities whose logarithm and log odds are finite."""
    return np.clip(probability, _EPSILON, 1 - _EPSILON)


def bins_for(rows: int) -> int:
    """The number of equal-mass bins for so many rows: 15, fewer where a bin would hold under 20 rows, at least 1."""
    return max(1, min(MAX_BINS, rows // ROWS_PER_BIN))


def expected_calibration_error(passed: npt.ArrayLike, probability: npt.ArrayLike, bins: int | None = None) -> Metric:
    """Mean |predicted − observed| success rate over equal-mass bins, weighted by rows (default: `bins_for(rows)` bins).

    A row's bin is that of the middle of its block of equal probabilities, so ties stay together and row order does
    not matter. Under weights it is binned anew.

    Noise inside bins only adds to this error (Bröcker 2012; Kumar, Liang & Ma 2019): for a perfect model it is above 0,
    and resamples, which are noisier still, lie above the value, so that their percentiles are no interval. The error
    is Σ |g_b| of a vector of means, g_b = Σ (predicted − observed) of the bin's rows / all rows. By the triangle
    inequality it is never farther from that of the true means γ than Σ |g_b − γ_b|, whose distribution the bootstrap of
    means has (Bickel & Freedman 1981) with the bins held fixed: that is the metric's `noise`.
    """
    flags, numbers = _columns(passed, probability)
    ties = Ties.of(numbers)
    successes = flags[ties.order]
    count = bins or bins_for(len(flags))
    excess_by_bin = np.zeros((len(flags), count))
    own_bin = _bins(ties.sums(np.ones((1, len(flags)))), count)[0][ties.block_of_row()]
    excess_by_bin[np.arange(len(flags)), own_bin] = numbers - flags
    centre = excess_by_bin.sum(axis=0) / max(1, len(flags))

    def compute(weights: Floats) -> Floats:
        ordered = weights[:, ties.order]
        mass = ties.sums(ordered)
        excess = mass * ties.levels - ties.sums(ordered * successes)
        place = _bins(mass, count) + count * np.arange(len(mass))[:, None]
        per_bin = np.bincount(place.ravel(), weights=excess.ravel(), minlength=count * len(mass))
        # Without rows bincount would count in integers.
        per_resample = np.abs(per_bin.astype(np.float64)).reshape(len(mass), count)
        return divide(per_resample.sum(axis=1), mass.sum(axis=1))

    def noise(weights: Floats) -> Floats:
        means = divide(weights @ excess_by_bin, weights.sum(axis=1, keepdims=True))
        distance: Floats = np.abs(means - centre).sum(axis=1)
        return distance

    return Metric(compute, len(flags), len(flags), "rows", "no rows", noise)


def reliability_table(
    passed: npt.ArrayLike,
    probability: npt.ArrayLike,
    clusters: Labels,
    *,
    bins: int | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> tuple[ReliabilityBin, ...]:
    """The bins of `expected_calibration_error`, lowest probability first, empty ones left out.

    The intervals of the observed rates resample clusters with the bins held fixed.
    """
    flags, numbers = _columns(passed, probability)
    ties = Ties.of(numbers)
    mass = ties.sums(np.ones((1, len(flags))))
    bin_of_row = _bins(mass, bins or bins_for(len(flags)))[0][ties.block_of_row()]
    members = {int(place): bin_of_row == place for place in np.unique(bin_of_row)}
    metrics = {
        str(place): ratio(flags * inside, inside.astype(np.float64), n=int(inside.sum()), undefined="no rows")
        for place, inside in members.items()
    }
    observed = clustered_bootstraps(metrics, clusters, resamples=resamples, seed=seed)
    return tuple(
        ReliabilityBin(
            lowest=float(numbers[inside].min()),
            highest=float(numbers[inside].max()),
            rows=int(inside.sum()),
            predicted=float(numbers[inside].mean()),
            observed=observed[str(place)],
        )
        for place, inside in members.items()
    )


def _columns(passed: npt.ArrayLike, probability: npt.ArrayLike) -> tuple[Floats, Floats]:
    flags, numbers = as_flags(passed, "passed").astype(np.float64), as_probabilities(probability)
    same_length(passed=flags, probability=numbers)
    return flags, numbers


def _bins(mass: Floats, count: int) -> Indices:
    """The bin of each block (resamples × blocks) from the whole numbers of rows in the blocks, in ascending order."""
    twice_middle = 2 * np.cumsum(mass, axis=1) - mass
    total = 2 * mass.sum(axis=1, keepdims=True)
    # Whole numbers below 2**53 divide exactly; a block without weight at the very end would fall behind the last bin.
    place = np.floor_divide(twice_middle * count, total, out=np.zeros_like(mass), where=total != 0)
    bins: Indices = np.minimum(place, count - 1).astype(np.intp)
    return bins
