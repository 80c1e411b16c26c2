"""How well trivial numbers predict the label.

Number of actions, time of creation and file order are ranked as they are. Miner, validator, website and use case are
ranked by their pass rate *elsewhere*: rows are dealt into five folds by website and masked intent (near-copies stay
together), the rate of a fold's rows comes from the four others, shrunk by ten rows towards their mean, and only rows of
one fold are ranked against each other. So an id that says nothing scores 0.5, however many values it has.
"""

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from score_model.dataset.audit._columns import NO_TIME, PASSED, UNKNOWN, Columns
from score_model.dataset.audit._report import Auc, Shortcut

_FOLDS = 5
_PRIOR_ROWS = 10.0
_Z95 = 1.959963984540054
_NOT_BY_CHANCE = 3.0  # standard errors from 0.5
_TOO_GOOD = 0.1  # distance from 0.5
_LEAST_PER_LABEL = 10


class Ranking(NamedTuple):
    """`auc` is the chance that a pass has the greater value than a failure, ties counting half."""

    auc: float
    variance: float
    passed: int
    failed: int


def shortcuts(columns: Columns, suspects: set[int]) -> list[Shortcut]:
    """Every trivial predictor on all labelled rows, on non-empty ones, and on non-empty ones that are not `suspects`.

    One misleads if its AUC is at least 0.1 and three standard errors from 0.5, and rests on ten rows of each label.
    """
    everything = array("q", (row for row in columns.rows() if columns.label[row] != UNKNOWN))
    non_empty = array("q", (row for row in everything if columns.num_actions[row] > 0))
    trusted = array("q", (row for row in non_empty if row not in suspects))
    folds = array("B", (_fold(columns, row) for row in columns.rows()))
    measures: list[tuple[str, Callable[[Sequence[int]], Ranking | None]]] = [
        ("num_actions", lambda rows: by_value(columns, columns.num_actions, rows)),
        ("created_at", lambda rows: by_value(columns, columns.created, rows)),
        ("file_order", lambda rows: by_value(columns, columns.ordinal, rows)),
        ("miner", lambda rows: _by_rate(columns, folds, columns.miner, rows)),
        ("validator", lambda rows: _by_rate(columns, folds, columns.validator, rows)),
        ("website", lambda rows: _by_rate(columns, folds, columns.website, rows)),
        ("use_case", lambda rows: _by_rate(columns, folds, columns.use_case, rows)),
    ]
    return [
        Shortcut(name, *(as_auc(columns, measure(rows), rows) for rows in (everything, non_empty, trusted)))
        for name, measure in measures
    ]


def by_value(columns: Columns, values: Sequence[int], rows: Sequence[int]) -> Ranking | None:
    """The AUC of a column as it is; rows without a time are left out."""
    failures, passes = array("i"), array("i")
    previous: int | None = None
    for row in sorted(rows, key=values.__getitem__):
        value = values[row]
        if value == NO_TIME:
            continue
        if value != previous:
            failures.append(0)
            passes.append(0)
            previous = value
        if columns.label[row] == PASSED:
            passes[-1] += 1
        else:
            failures[-1] += 1
    return rank(failures, passes)


def as_auc(columns: Columns, ranking: Ranking | None, rows: Sequence[int]) -> Auc:
    """The rounded record of a ranking of these rows."""
    if ranking is None:
        passed = sum(columns.label[row] == PASSED for row in rows)
        return Auc(None, None, None, passed, len(rows) - passed, misleads=False)
    error = ranking.variance**0.5
    distance = abs(ranking.auc - 0.5)
    enough = min(ranking.passed, ranking.failed) >= _LEAST_PER_LABEL
    return Auc(
        auc=round(ranking.auc, 4),
        low=round(max(0.0, ranking.auc - _Z95 * error), 4),
        high=round(min(1.0, ranking.auc + _Z95 * error), 4),
        passed=ranking.passed,
        failed=ranking.failed,
        misleads=enough and distance >= _TOO_GOOD and distance >= _NOT_BY_CHANCE * error,
    )


def _by_rate(columns: Columns, folds: Sequence[int], keys: Sequence[int], rows: Sequence[int]) -> Ranking | None:
    counts: list[dict[int, list[int]]] = [defaultdict(lambda: [0, 0]) for _ in range(_FOLDS)]
    tallied = Counter((folds[row], keys[row], columns.label[row]) for row in rows)
    for (fold, key, label), number in sorted(tallied.items()):
        counts[fold][key][label == PASSED] += number
    total: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for part in counts:
        for key, (failed, passed) in part.items():
            total[key][0] += failed
            total[key][1] += passed
    all_failed = sum(failed for failed, _ in total.values())
    all_passed = sum(passed for _, passed in total.values())
    rankings = []
    for part in counts:
        train_passed = all_passed - sum(passed for _, passed in part.values())
        train_rows = train_passed + all_failed - sum(failed for failed, _ in part.values())
        mean = train_passed / train_rows if train_rows else 0.5
        tally: dict[float, tuple[int, int]] = {}
        for key, (failed, passed) in part.items():
            seen_passed = total[key][1] - passed
            seen = seen_passed + total[key][0] - failed
            rate = (seen_passed + _PRIOR_ROWS * mean) / (seen + _PRIOR_ROWS)
            before = tally.get(rate, (0, 0))
            tally[rate] = before[0] + failed, before[1] + passed
        ascending = [tally[rate] for rate in sorted(tally)]
        ranking = rank([failed for failed, _ in ascending], [passed for _, passed in ascending])
        if ranking is not None:
            rankings.append(ranking)
    return pooled(rankings)


def _fold(columns: Columns, row: int) -> int:
    return (columns.intent[row] ^ (columns.website[row] * 0x9E3779B97F4A7C15)) % 1_000_003 % _FOLDS


def rank(failures: Sequence[int], passes: Sequence[int]) -> Ranking | None:
    """The AUC of a value from the failures and passes at each distinct value, ascending; None if a label is missing.

    AUC: Mann-Whitney in integers, divided once. Variance: E. DeLong, D. DeLong, D. Clarke-Pearson (1988); a perfect
    separation would claim certainty, so it is never less than that of one misplaced row.
    """
    failed, passed = sum(failures), sum(passes)
    if not failed or not passed:
        return None
    halves = failed_below = 0
    for f, p in zip(failures, passes, strict=True):
        halves += p * (2 * failed_below + f)
        failed_below += f
    auc = halves / (2 * failed * passed)
    variance = _placements(failures, passes, auc) + _placements(passes, failures, 1 - auc)
    least = 1 / (2 * min(passed, failed)) ** 2
    return Ranking(auc, max(variance, least), passed, failed)


def _placements(below: Sequence[int], rows: Sequence[int], mean: float) -> float:
    """The variance that `rows` contribute: how unevenly each of them outranks `below`."""
    count, whole = sum(rows), 2 * sum(below)
    if count < 2:
        return 0.25

    def squares() -> Iterator[float]:
        under = 0
        for other, number in zip(below, rows, strict=True):
            if number:
                yield number * ((2 * under + other) / whole - mean) ** 2
            under += other

    return math.fsum(squares()) / (count - 1) / count


def pooled(rankings: Iterable[Ranking]) -> Ranking | None:
    """The AUC over pairs from the same fold: folds weigh by their number of pairs."""
    folds = list(rankings)
    pairs = sum(fold.passed * fold.failed for fold in folds)
    if not pairs:
        return None
    auc = math.fsum(fold.auc * (fold.passed * fold.failed) for fold in folds) / pairs
    variance = math.fsum(fold.variance * ((fold.passed * fold.failed) / pairs) ** 2 for fold in folds)
    return Ranking(auc, variance, sum(fold.passed for fold in folds), sum(fold.failed for fold in folds))
