"""Replays against recorded labels."""

from itertools import permutations

from score_model.checks import BackendEvent, Verdict
from score_model.contract import SolutionStatus
from score_model.contract.task_tests import Check
from score_model.replay._agreement import (
    ReplayedRow,
    compare_labels,
    count_agreement,
    decide_label,
    format_agreement,
)
from score_model.replay._expected_events import (
    ExpectedEvents,
    find_expected_events,
    format_data,
    format_expected_events,
)


def _row(website: str, recorded: bool | None, replayed: bool | None, empty: bool = False) -> ReplayedRow:
    return ReplayedRow(website=website, solution_id="s", recorded=recorded, replayed=replayed, empty=empty)


_ROWS = (
    _row("autozone", True, True),
    _row("autozone", True, False),
    _row("autozone", False, False, empty=True),
    _row("autobooks", False, True),
    _row("autobooks", None, True),
    _row("autobooks", True, None),
)


def _verdict(*results: bool | None) -> Verdict:
    checks = tuple(Check(name="c", passed=passed) for passed in results)
    return Verdict(score=0.0, passed=False, status=SolutionStatus.FAILED, text="", checks=checks)


def _expected(
    website: str, use_case: str, recorded: bool | None, *events: BackendEvent, solution_id: str = "s"
) -> ExpectedEvents:
    return find_expected_events(events, website=website, use_case=use_case, solution_id=solution_id, recorded=recorded)


def test_a_replay_passes_only_if_every_test_ran_and_passed() -> None:
    """One failed check decides; one that was not run leaves a pass open; nothing run says nothing."""
    assert decide_label(_verdict(True)) is True
    assert decide_label(_verdict(True, True)) is True
    assert decide_label(_verdict(True, False)) is False
    assert decide_label(_verdict(False, None)) is False
    assert decide_label(_verdict(True, None)) is None
    assert decide_label(_verdict(None)) is None
    assert decide_label(_verdict()) is None
    assert decide_label(None) is None
    assert decide_label(_verdict(), without_browser=True) is False


def test_four_ways_to_compare() -> None:
    """Every pair of labels is one of the four, and an unknown one decides nothing."""
    assert compare_labels(True, True) == compare_labels(False, False) == "agree"
    assert compare_labels(False, True) == "recorded_fail_replay_passes"
    assert compare_labels(True, False) == "recorded_pass_replay_fails"
    for pair in ((None, True), (False, None), (None, None)):
        assert compare_labels(*pair) == "undecidable"


def test_the_table_counts_by_website() -> None:
    """Websites come in the order of their names with their sum, and rows with actions are summed on their own."""
    agreement = count_agreement(_ROWS)
    assert list(agreement.websites) == ["autobooks", "autozone"]
    assert format_agreement(agreement) == [
        "website           rows      agree  recorded fail, replay passes  recorded pass, replay fails  undecidable",
        "autobooks            3   0 (0.0%)                             1                            0            2",
        "autozone             3  2 (66.7%)                             0                            1            0",
        "all                  6  2 (50.0%)                             1                            1            2",
        "all with actions     5  1 (33.3%)                             1                            1            2",
    ]


def test_the_order_of_rows_does_not_matter() -> None:
    """The same rows in any order give the same table."""
    tables = {tuple(format_agreement(count_agreement(rows))) for rows in permutations(_ROWS[:4])}
    assert len(tables) == 1


def test_a_table_of_nothing() -> None:
    """No rows, and rows that decide nothing, are counted without a share."""
    assert format_agreement(count_agreement([]))[1].split() == ["all", "0", "0", "0", "0", "0"]
    undecided = format_agreement(count_agreement([_row("autozone", None, None)]))
    assert undecided[1].split() == ["autozone", "1", "0", "0", "0", "1"]
    assert len(undecided) == 3


def test_expected_events_are_named_like_the_use_case() -> None:
    """The event counts whatever way its name is written, its data comes along, and others do not count."""
    events = (
        BackendEvent("SELECT_DATE", {"date": "2025-11-13"}),
        BackendEvent("SELECT_TIME", {"time": "1"}),
        BackendEvent("select-date", {"date": "2025-11-14"}),
    )
    row = _expected("autodrive", "SELECT_DATE", True, *events)
    assert (row.fired, row.data) == (2, ({"date": "2025-11-13"}, {"date": "2025-11-14"}))
    assert format_data(row) == 'autodrive s: 2 × SELECT_DATE {"date": "2025-11-13"}; {"date": "2025-11-14"}'
    assert _expected("autodrive", "SEARCH", True, *events).fired == 0
    assert format_data(_expected("autodrive", "SEARCH", None)) == "autodrive s: no SEARCH"


def test_expected_events_are_bounded() -> None:
    """A flood of events is counted, not kept, and a line about it stays a line."""
    flood = [BackendEvent("E", {"text": "x\ud800\n" * 50})] * 500
    row = _expected("autodrive", "E", False, *flood)
    assert (row.fired, len(row.data)) == (500, 20)
    assert len(format_data(row)) < 300
    assert "\n" not in format_data(row)


def test_expected_events_as_a_table() -> None:
    """By website and use case: in how many recorded passes, failures and unlabelled rows did the event fire?"""
    event = BackendEvent("BUY", {})
    rows = [
        _expected("autozone", "BUY", True, event),
        _expected("autozone", "BUY", False, event),
        _expected("autozone", "BUY", False),
        _expected("autobooks", "BUY", None),
    ]
    assert format_expected_events(rows) == [
        "expected event fired in  recorded passes  recorded failures  rows without a label",
        "autobooks BUY                          -                  -                0 of 1",
        "autozone BUY                      1 of 1             1 of 2                     -",
    ]
    assert format_expected_events([]) == []
