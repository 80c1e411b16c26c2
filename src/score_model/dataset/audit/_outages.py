"""Environment outages: validators whose pass rate on a website is impossible given the same work elsewhere.

For each validator on each website, every stretch of its non-empty rows in time is a candidate. A stretch is flagged if

1. as few passes are impossible against other validators' rows in the same hours, on the same miner × use case (or the
   very same masked actions): by the exact conditional test, or for up to 60 rows, where use cases are judged too
   thinly for it, by the hierarchical one (`_significance`); below 0.001 after correction for every stretch of every
   cell;
2. it is no mere harder cell: at most a fifth of the passes that its controls' rates promise, each row's promise scaled
   by how the website did for others at that moment; which must leave half of the promise, and at least four passes;
3. it is no single bad task: its failures are at least five different tasks.

Flagged rows leave cells and controls, and the search starts again, so that outages don't hide each other. Last, each
validator is tried on all websites at once, for an outage that no single website shows. Only moments count of which both
passes and failures could have been fetched (`_fetch_bias`).

Stretches in which a whole website passes next to nothing, whoever judges, are dips: hints, since hard tasks look the
same.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from score_model.dataset.audit._columns import FAILED, NO_TIME, PASSED, UNKNOWN, Columns
from score_model.dataset.audit._comparison import Comparison, Rates, compare, outage_scores
from score_model.dataset.audit._fetch_bias import HOUR_US, WebsiteCoverage

ALPHA = 0.001
LEAST_ROWS = 5
_LEAST_TASKS = 5
_LEAST_EXPECTED = 4.0
_MOST_OF_EXPECTED = 0.2
_WEBSITE_WELL = 0.5
_WORTH_TESTING = 0.35
_LEAST_SCORE = 5.0
_LEAST_DIP_SCORE = 10.0
_MOST_SEGMENTS = 6
_PAD_US = 2 * HOUR_US
_EDGE_US = HOUR_US


class Segment(NamedTuple):
    """Positions `first`..`last` (both inside) and the sum of their scores."""

    first: int
    last: int
    score: float


def maximal_segments(scores: Sequence[float]) -> list[Segment]:
    """Every maximal-scoring contiguous stretch, in order of position.

    Linear time: W. Ruzzo, M. Tompa, "A linear time algorithm for finding all maximal scoring subsequences" (1999).
    """
    stack: list[tuple[int, int, float, float, int]] = []  # first, last, sum before, sum through, nearest lower start
    total = 0.0
    for position, score in enumerate(scores):
        before, total = total, total + score
        if score <= 0:
            continue
        first, left = position, before
        while True:
            lower = len(stack) - 1
            while lower >= 0 and stack[lower][2] >= left:
                lower = stack[lower][4]
            if lower < 0 or stack[lower][3] >= total:
                stack.append((first, position, left, total, lower))
                break
            first, left = stack[lower][0], stack[lower][2]
            del stack[lower:]
    return [Segment(first, last, through - before) for first, last, before, through, _ in stack]


def looks(length: int, rows: int, shortest: int) -> float:
    """How many stretches a stretch of `length` rows competes with, in a sequence of `rows`.

    The whole sequence gets half of what may be spent. The other half is shared equally by the scales (lengths that
    double from `shortest` on), and within a scale by every stretch of these lengths: a weighted Bonferroni correction,
    valid for the best of all stretches however it was found.
    """
    if length >= rows:
        return 2.0
    scales, low = 0, shortest
    inside = 1
    while low < rows:
        high = min(2 * low, rows) - 1
        scales += 1
        if low <= length <= high:
            inside = sum(rows - size + 1 for size in (low, high)) * (high - low + 1) // 2
        low *= 2
    return 2.0 * max(1, scales) * inside


class Outage(NamedTuple):
    """A flagged stretch; `rows` are all of the validator's non-empty rows in it, `p_value` is corrected."""

    website: int
    validator: int
    first_us: int
    last_us: int
    rows: Sequence[int]
    comparison: Comparison
    p_value: float
    looks: float
    all_websites: bool


class _Found(NamedTuple):
    rows: Sequence[int]
    comparison: Comparison
    p_value: float
    looks: float


class OutageSearch:
    """The search over one dataset: `run` once, then read the cells that were tested."""

    def __init__(self, columns: Columns, coverage: dict[int, WebsiteCoverage]) -> None:
        self._columns = columns
        self._judged: dict[tuple[int, int], array[int]] = defaultdict(lambda: array("q"))
        self.usable: dict[int, array[int]] = defaultdict(lambda: array("q"))
        order = sorted(
            (row for row in columns.rows() if columns.num_actions[row] > 0 and columns.label[row] != UNKNOWN),
            key=columns.created.__getitem__,
        )
        for row in order:
            website, moment = columns.website[row], columns.created[row]
            if moment != NO_TIME and columns.validators.values[columns.validator[row]] is not None:
                self._judged[website, columns.validator[row]].append(row)
                if coverage[website].holds(moment):
                    self.usable[website].append(row)
        del order
        self.cells = {website: _by_validator(columns, rows) for website, rows in self.usable.items()}
        everywhere = _by_validator(columns, self._all_usable())
        self.family = max(1, _tested(everywhere) + sum(_tested(cells) for cells in self.cells.values()))

    def run(self) -> list[Outage]:
        """Every outage, in order of discovery: website by website until nothing is found, then all websites at once."""
        outages: list[Outage] = []
        for website in sorted(self.usable):
            while found := self._search(self.usable[website]):
                for validator, stretch in found:
                    outages.append(self._settle(website, validator, stretch, all_websites=False))
        if len(self.usable) > 1:
            while found := self._search(self._all_usable()):
                settled = [outage for validator, stretch in found for outage in self._split(validator, stretch)]
                if not settled:
                    break
                outages.extend(settled)
        return outages

    def _all_usable(self) -> "array[int]":
        rows = (row for website in sorted(self.usable) for row in self.usable[website])
        return array("q", sorted(rows, key=self._columns.created.__getitem__))

    def _search(self, rows: "array[int]") -> list[tuple[int, _Found]]:
        columns = self._columns
        cells = _by_validator(columns, rows)
        if len(cells) < 2:
            return []
        rates = Rates(columns, rows)
        times = array("q", (columns.created[row] for row in rows))
        found = []
        for validator, cell in sorted(cells.items()):
            if len(cell) >= LEAST_ROWS:
                best = self._best_stretch(rows, times, validator, cell, rates.elsewhere(validator))
                if best is not None:
                    found.append((validator, best))
        return found

    def _best_stretch(
        self,
        rows: Sequence[int],
        times: Sequence[int],
        validator: int,
        cell: Sequence[int],
        rates: dict[tuple[int, int], float],
    ) -> _Found | None:
        columns = self._columns
        segments = maximal_segments(outage_scores(columns, cell, rates))
        segments = [s for s in segments if s.score >= _LEAST_SCORE and s.last - s.first + 1 >= LEAST_ROWS]
        segments = sorted(segments, key=lambda s: (-s.score, s.first))[:_MOST_SEGMENTS]
        if not segments:
            return None
        whole = Segment(0, len(cell) - 1, 0.0)
        best: _Found | None = None
        for segment in [*segments, whole]:
            stretch = cell[segment.first : segment.last + 1]
            if not _worth_testing(columns, stretch, rates):
                continue
            first, last = columns.created[stretch[0]], columns.created[stretch[-1]]
            pad = max(_PAD_US, last - first)
            near = rows[bisect_left(times, first - pad) : bisect_right(times, last + pad)]
            controls = [row for row in near if columns.validator[row] != validator]
            comparison = compare(columns, stretch, controls, same_time=True)
            if not far_below(comparison):
                continue
            price = looks(len(stretch), len(cell), LEAST_ROWS) * self.family
            p_value = comparison.chance * price
            if p_value <= ALPHA and (best is None or p_value < best.p_value):
                if segment is whole:  # the whole is impossible; what is set aside is the stretch that makes it so
                    stretch = cell[segments[0].first : segments[0].last + 1]
                best = _Found(stretch, comparison, p_value, price)
        return best

    def _settle(self, website: int, validator: int, found: _Found, *, all_websites: bool) -> Outage:
        """Takes the stretch out of the search; failures just past the end of what was fetched both ways join it."""
        columns = self._columns
        judged = self._judged[website, validator]
        times = [columns.created[row] for row in judged]
        begin = bisect_left(times, columns.created[found.rows[0]])
        end = bisect_right(times, columns.created[found.rows[-1]])
        usable = set(self.usable[website])
        while end < len(judged) and self._joins(judged[end], usable, times[end] - columns.created[found.rows[-1]]):
            end += 1
        while begin > 0 and self._joins(judged[begin - 1], usable, columns.created[found.rows[0]] - times[begin - 1]):
            begin -= 1
        rows = judged[begin:end]
        failed = [row for row in rows if columns.label[row] == FAILED]
        taken = set(rows)
        self.usable[website] = array("q", (row for row in self.usable[website] if row not in taken))
        first, last = columns.created[failed[0]], columns.created[failed[-1]]
        inside = [row for row in rows if first <= columns.created[row] <= last]
        return Outage(
            website, validator, first, last, inside, found.comparison, found.p_value, found.looks, all_websites
        )

    def _joins(self, row: int, usable: set[int], distance: int) -> bool:
        return row not in usable and self._columns.label[row] == FAILED and distance <= _EDGE_US

    def _split(self, validator: int, found: _Found) -> list[Outage]:
        """The stretch website by website, leaving out those that were well."""
        columns = self._columns
        by_website: dict[int, list[int]] = defaultdict(list)
        for row in found.rows:
            by_website[columns.website[row]].append(row)
        outages = []
        for website, stretch in sorted(by_website.items()):
            first, last = columns.created[stretch[0]], columns.created[stretch[-1]]
            pad = max(_PAD_US, last - first)
            near = (r for r in self.usable[website] if first - pad <= columns.created[r] <= last + pad)
            controls = [row for row in near if columns.validator[row] != validator]
            comparison = compare(columns, stretch, controls, same_time=True)
            failed = any(columns.label[row] == FAILED for row in stretch)
            if failed and comparison.rows and comparison.passes <= _MOST_OF_EXPECTED * comparison.expected_then:
                part = found._replace(rows=stretch, comparison=comparison)
                outages.append(self._settle(website, validator, part, all_websites=True))
        return outages


def _by_validator(columns: Columns, rows: Sequence[int]) -> "dict[int, array[int]]":
    cells: dict[int, array[int]] = defaultdict(lambda: array("q"))
    for row in rows:
        cells[columns.validator[row]].append(row)
    return cells


def _tested(cells: "dict[int, array[int]]") -> int:
    return sum(len(cell) >= LEAST_ROWS for cell in cells.values()) if len(cells) > 1 else 0


def _worth_testing(columns: Columns, rows: Sequence[int], rates: dict[tuple[int, int], float]) -> bool:
    expected = sum(rates.get((columns.miner[row], columns.use_case[row]), 0.0) for row in rows)
    return sum(columns.label[row] == PASSED for row in rows) <= _WORTH_TESTING * expected


def far_below(comparison: Comparison) -> bool:
    return (
        comparison.failed_tasks >= _LEAST_TASKS
        and comparison.expected_then >= max(_LEAST_EXPECTED, _WEBSITE_WELL * comparison.expected)
        and comparison.passes <= _MOST_OF_EXPECTED * comparison.expected_then
    )


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
    if best.score < _LEAST_DIP_SCORE or len(stretch) < LEAST_ROWS:
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
