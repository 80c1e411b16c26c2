"""Stretches in which a whole website passes next to nothing, whoever judges: hints, since hard tasks look the same."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from score_model.dataset.audit._columns import PASSED, Columns
from score_model.dataset.audit._comparison import compare
from score_model.dataset.audit._outages import ALPHA, LEAST_ROWS, far_below
from score_model.dataset.audit._rates import Rates, outage_scores
from score_model.dataset.audit._segments import looks, maximal_segments

_LEAST_SCORE = 10.0


class Dip(NamedTuple):
    """A stretch of a website's rows, what the same work passes at other times, and the corrected chance."""

    website: int
    rows: list[int]
    expected: float
    p_value: float


def website_dips(columns: Columns, usable: Mapping[int, Sequence[int]]) -> list[Dip]:
    """The clearest dip of each website in `usable` (ascending in time, outages set aside), where there is one."""
    dips = []
    for website, rows in sorted(usable.items()):
        dip = _dip(columns, website, rows, family=len(usable))
        if dip is not None:
            dips.append(dip)
    return dips


def _dip(columns: Columns, website: int, rows: Sequence[int], family: int) -> Dip | None:
    segments = maximal_segments(outage_scores(columns, rows, Rates(columns, rows).usual()))
    if not segments:
        return None
    best = max(segments, key=lambda segment: (segment.score, -segment.first))
    stretch = list(rows[best.first : best.last + 1])
    if best.score < _LEAST_SCORE or len(stretch) < LEAST_ROWS:
        return None
    other_times = [*rows[: best.first], *rows[best.last + 1 :]]
    comparison = compare(columns, stretch, other_times, same_time=False)
    p_value = comparison.chance * looks(len(stretch), len(rows), LEAST_ROWS) * family
    if p_value > ALPHA or not far_below(comparison):
        return None
    return Dip(website, stretch, comparison.expected, p_value)


def passes(columns: Columns, rows: Sequence[int]) -> int:
    """How many of the rows passed."""
    return sum(columns.label[row] == PASSED for row in rows)
