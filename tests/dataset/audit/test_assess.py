"""The assessment as a whole: counts, label qualities and determinism."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import msgspec

from score_model.contract.sample import LABEL_QUALITIES
from score_model.dataset.audit import assess, closing_words
from tests.dataset.audit.scenarios import SCENARIOS, World, simulate

_ROOT = Path(__file__).parents[3]
_DIGEST = """
import hashlib, msgspec
from score_model.dataset.audit import assess, closing_words
from tests.dataset.audit.scenarios import SCENARIOS, simulate
a = assess(simulate(SCENARIOS["two validators of three down"], 1))
print(hashlib.sha256(msgspec.json.encode(a) + "".join(closing_words(a.report)).encode()).hexdigest())
"""


def test_counts() -> None:
    """Every row is counted once per view, and the shares are those of the rows."""
    rows = simulate(World(websites=("alpha", "beta"), rows=400), 1)
    counts = assess(rows).report.counts
    for view in (counts.websites, counts.use_cases, counts.splits, counts.miners, counts.validators):
        assert sum(count.rows for count in view) == counts.total.rows == 400
        assert all(count.rows == count.passed + count.failed + count.unknown for count in view)
    empty = sum(row.num_actions == 0 for row in rows)
    failed = sum(row.passed is False for row in rows)
    assert counts.total.empty == empty
    assert counts.empty_share == round(empty / 400, 4)
    assert counts.empty_share_of_failures == round(empty / failed, 4)
    assert [count.name for count in counts.validators] == ["11", "22", "33"]


def test_label_qualities() -> None:
    """Unknown comes before everything, an outage before a contradiction, and only known words are used."""
    rows = simulate(SCENARIOS["outage"], 1)
    plain = assess(rows).qualities
    suspects = [ordinal for ordinal, quality in plain.items() if quality == "environment_suspect"]
    sound = next(row.ordinal for row in rows if row.ordinal not in plain and row.num_actions)
    rows[suspects[0]] = msgspec.structs.replace(rows[suspects[0]], self_contradiction=True)
    rows[suspects[5]] = msgspec.structs.replace(rows[suspects[5]], passed=None, self_contradiction=True)
    rows[sound] = msgspec.structs.replace(rows[sound], self_contradiction=True)
    qualities = assess(rows).qualities
    assert qualities[suspects[0]] == "environment_suspect"
    assert qualities[suspects[5]] == "unknown"
    assert qualities[sound] == "contradicted"
    assert set(qualities.values()) <= set(LABEL_QUALITIES) - {"ok"}


def test_columns_that_are_the_label() -> None:
    """The success filter and the score are named; a score of its own is not."""
    rows = simulate(World(rows=300, apart=True), 1)
    disguised = {entry.column: entry for entry in assess(rows).report.label_in_disguise}
    assert disguised["filters.success"].is_label
    assert disguised["score"].is_label
    assert not disguised["has_actions"].is_label
    rows = [msgspec.structs.replace(row, score=0.5, fetched_success=None) for row in rows]
    disguised = {entry.column: entry for entry in assess(rows).report.label_in_disguise}
    assert "filters.success" not in disguised
    assert not disguised["score"].is_label


def test_ordinals_need_not_be_positions() -> None:
    """Qualities are keyed by the ordinal the row came with."""
    rows = simulate(SCENARIOS["outage"], 1)
    shifted = [msgspec.structs.replace(row, ordinal=row.ordinal + 1000) for row in rows]
    assert assess(shifted).qualities == {key + 1000: value for key, value in assess(rows).qualities.items()}


def test_nothing_to_audit() -> None:
    """An empty dataset has an empty report and still a last word."""
    assessment = assess([])
    assert assessment.report.counts.total.rows == 0
    assert closing_words(assessment.report) == ["What to do: nothing; the audit found nothing that would mislead."]


def test_the_same_rows_give_the_same_bytes() -> None:
    """Whatever the process's hash seed, report, qualities and words are the same."""
    here = assess(simulate(SCENARIOS["two validators of three down"], 1))
    expected = hashlib.sha256(msgspec.json.encode(here) + "".join(closing_words(here.report)).encode()).hexdigest()
    for seed in ("1", "77"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{_ROOT / 'src'}{os.pathsep}{_ROOT}"}
        out = subprocess.run(
            [sys.executable, "-c", _DIGEST], env=environment, cwd=_ROOT, capture_output=True, text=True, check=True
        )
        assert out.stdout.strip() == expected


def test_the_order_of_rows_does_not_move_an_outage() -> None:
    """The search looks at times, not at the place in the file."""
    rows = simulate(SCENARIOS["outage of 4 hours"], 1)
    backwards = assess(list(reversed(rows)))
    forwards = assess(rows)
    assert backwards.qualities == forwards.qualities
    assert backwards.report.outages == forwards.report.outages
