"""Intervals that know that rows of a task are not independent: whole clusters are resampled, with replacement."""

from collections.abc import Iterator, Mapping

import numpy as np

from score_model.arrays import Floats
from score_model.metrics._metric import Indices, Labels, Metric, codes_of, finite
from score_model.metrics._records import Estimate

_CELLS = 1 << 16  # weights per batch (512 KiB): they and their sums stay in the processor's cache


def clustered_bootstrap(metric: Metric, clusters: Labels, *, resamples: int = 1000, seed: int = 0) -> Estimate:
    """The metric's value with its 95 % percentile interval over resamples of clusters (`clusters`: one label per row).

    A metric that knows its `noise` has the value ± that noise's 95th percentile.
    The same labels and seed give the same resamples whatever the metric, so that differences of metrics are paired.
    """
    return clustered_bootstraps({"": metric}, clusters, resamples=resamples, seed=seed)[""]


def clustered_bootstraps(
    metrics: Mapping[str, Metric], clusters: Labels, *, resamples: int = 1000, seed: int = 0
) -> dict[str, Estimate]:
    """Every metric's estimate over the same resamples; ValueError where a metric is of another number of rows."""
    codes = codes_of(clusters)
    for name, metric in metrics.items():
        if metric.rows != len(codes):
            raise ValueError(f"metric {name!r} is of {metric.rows} rows, and there are {len(codes)} cluster labels")
    number = int(codes.max()) + 1 if len(codes) else 0
    values = {name: np.empty(resamples) for name in metrics}
    done = 0
    for weights in _weights(codes, number, resamples, seed):
        for name, metric in metrics.items():
            values[name][done : done + len(weights)] = (metric.noise or metric.compute)(weights)
        done += len(weights)
    return {name: _estimate(metric, values[name][:done], number) for name, metric in metrics.items()}


def _weights(codes: Indices, number: int, resamples: int, seed: int) -> Iterator[Floats]:
    """Batches of row weights (resamples × rows): how often each resample drew the row's cluster."""
    if number < 2:
        return  # one cluster has no spread
    generator = np.random.default_rng(seed)
    size = max(1, _CELLS // len(codes))
    for done in range(0, resamples, size):
        batch = min(size, resamples - done)
        # random() uses one state step per number, so the draws do not depend on the size of the batches.
        drawn = (generator.random((batch, number)) * number).astype(np.intp)
        places = drawn + number * np.arange(batch)[:, None]
        counts = np.bincount(places.ravel(), minlength=batch * number).reshape(batch, number)
        yield counts.astype(np.float64)[:, codes]


def _estimate(metric: Metric, values: Floats, clusters: int) -> Estimate:
    value = metric.value()
    defined = values[np.isfinite(values)]
    undefined = len(values) - len(defined)
    low = high = reason = None
    if value is None:
        reason = metric.undefined
    elif clusters < 2:
        reason = "no interval: one cluster"
    elif 2 * len(defined) <= len(values):
        reason = f"no interval: {undefined} of {len(values)} resamples are undefined"
    elif metric.noise is not None:
        reach = float(np.percentile(defined, 95.0))
        low, high = max(0.0, value - reach), min(1.0, value + reach)
    else:
        low, high = (finite(float(bound)) for bound in np.percentile(defined, (2.5, 97.5)))
    return Estimate(
        value=value,
        low=low,
        high=high,
        n=metric.n,
        unit=metric.unit,
        clusters=clusters,
        resamples=len(values),
        undefined=undefined,
        reason=reason,
    )
