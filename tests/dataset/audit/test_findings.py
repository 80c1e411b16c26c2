"""The closing words are sentences that a manager understands, and say what to do last."""

import msgspec
import pytest

from score_model.dataset.audit import assess, closing_words, totals
from score_model.dataset.audit._findings import _chance, _window, clean
from tests.dataset.audit.scenarios import SCENARIOS, World, simulate

_OUTAGE_WORDS = [
    (
        "96 rows of 300 (32 %) hold no actions, and 50 % of all failures are such empty answers: a score over all rows "
        "mostly measures whether the agent answered at all."
    ),
    (
        "alpha under validator 22 looks down from 14 Nov 2023 22:28 to 15 Nov 21:49 UTC: 68 of 68 answers failed where "
        "other validators passed 78 % of the same kind of work in the same hours; a chance of less than 1 in 10^12. "
        "These 68 failures are marked environment_suspect and say nothing about the answers."
    ),
    (
        "On all rows, without a look at the answer, passes can be told from failures (AUC) by the validator (0.80), "
        "the number of actions (0.79) and the use case (0.63)."
    ),
    (
        "On rows with actions, without a look at the answer, passes can be told from failures (AUC) by the validator "
        "(0.88) and the use case (0.62)."
    ),
    (
        "The same actions but for names and numbers both passed and failed in 5 cases (16 rows): a judge of the masked "
        "actions alone gets at least 5 wrong."
    ),
    (
        "47 % of the test rows share their masked actions with a train row: a model that remembers them looks better "
        "than it is."
    ),
    (
        "What to do: train on the 232 rows whose label_quality is ok, report every metric on rows with actions alone "
        "and hold each model against the shortcuts above."
    ),
]


def test_the_words_of_an_outage() -> None:
    """Who, where, when, how many, how likely, and what it means; then what to do."""
    words = closing_words(assess(simulate(SCENARIOS["outage"], 1)).report)
    assert words == _OUTAGE_WORDS


def test_nothing_to_say() -> None:
    """A sound dataset gets one calm sentence."""
    rows = simulate(World(rows=300, empty=0, hopeless=0), 1)
    rows = [msgspec.structs.replace(row, score=None, split="train", work=None) for row in rows]
    assert closing_words(assess(rows).report) == ["What to do: nothing; the audit found nothing that would mislead."]


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("2025-11-10T11:53:39Z", "2025-11-10T16:57:40Z", "10 Nov 2025 11:53 to 16:57 UTC"),
        ("2025-11-10T02:18:00Z", "2025-11-11T00:17:00Z", "10 Nov 2025 02:18 to 11 Nov 00:17 UTC"),
        ("2025-12-31T23:00:00Z", "2026-01-01T01:00:00Z", "31 Dec 2025 23:00 to 1 Jan 2026 01:00 UTC"),
    ],
)
def test_windows_say_a_day_and_a_year_once(first: str, last: str, text: str) -> None:
    """Dates read as people write them, in any locale."""
    assert _window(first, last) == text


def test_chances_are_said_as_odds() -> None:
    """Rounded to the safe side, and never beyond 1 in 10^12."""
    assert _chance(0.0005) == "a chance of less than 1 in 1,000"
    assert _chance(2e-8) == "a chance of less than 1 in 10^7"
    assert _chance(1e-12) == "a chance of less than 1 in 10^12"


def test_names_from_outside_cannot_write_to_the_terminal() -> None:
    """Escape codes and line breaks are blotted out, long names cut."""
    assert clean("\x1b[31mred\n") == "?[31mred?"
    assert len(clean("x" * 500)) == 60


def test_fetch_bias_and_single_validators_are_said() -> None:
    """The overlap window stands in the sentence, and a website with one validator is named."""
    words = closing_words(assess(simulate(SCENARIOS["fetched apart"], 1)).report)
    assert any(s.startswith("alpha: passes and failures can be compared only from 15 Nov 2023 12:1") for s in words)
    words = closing_words(assess(simulate(SCENARIOS["one validator"], 1)).report)
    assert "Outages can't be told on alpha: only one validator judged there." in words
    words = closing_words(assess(simulate(SCENARIOS["website down for all"], 1)).report)
    assert any(s.startswith("Hint: from 15 Nov 2023 06:") and "nothing is marked" in s for s in words)


def test_the_totals_say_what_there_is() -> None:
    """Rows by label, split and quality, by website and use case, in as many sentences."""
    rows, splits, websites, use_cases = totals(assess(simulate(SCENARIOS["outage"], 1)).report)
    assert rows.startswith("Rows: 300 (")
    assert "train" in splits
    assert "environment_suspect 68" in splits
    assert websites.startswith("Websites: alpha ")
    assert use_cases.startswith("Use cases: alpha/")
