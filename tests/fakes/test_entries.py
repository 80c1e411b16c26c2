"""The fake's rows: deterministic, distinct, and shaped as the contract says."""

from tests.fakes.entries import entry_ids, make_entries, make_entry
from tests.fakes.table import SORTS, select


def test_rows_are_deterministic_and_distinct() -> None:
    """The same number gives the same row; ids never repeat; pieces of a range are the range."""
    rows = make_entries(200)
    assert rows == make_entries(100) + make_entries(100, first=100)
    assert len(set(entry_ids(rows))) == 200
    assert len({row["task"]["taskId"] for row in rows}) == 200


def test_rows_are_varied() -> None:
    """Several websites, use cases and miners; passes and failures; failures with and without actions."""
    rows = make_entries(200)
    assert len({row["task"]["website"] for row in rows}) == 4
    assert len({row["task"]["useCase"] for row in rows}) == 12
    assert len({row["agentRun"]["minerUid"] for row in rows}) == 3
    assert {(row["evaluation"]["passed"], bool(row["solution"]["actions"])) for row in rows} == {
        (True, True),
        (False, True),
        (False, False),
    }
    assert all(row["evaluation"]["score"] == int(row["evaluation"]["passed"]) for row in rows)


def test_a_row_can_be_made_to_measure() -> None:
    """Website, use case, outcome and miner can be chosen."""
    row = make_entry(3, website="autozone", use_case="ADD_TO_CART", passed=True, miner_uid=9)
    assert (row["task"]["website"], row["task"]["useCase"], row["agentRun"]["minerUid"]) == (
        "autozone",
        "ADD_TO_CART",
        9,
    )
    assert row["evaluation"]["passed"] is True


def test_filters_and_orders() -> None:
    """Each documented filter selects, use cases without regard to case; each order is total; unknown means newest."""
    rows = make_entries(60)
    for params, expected in [
        ({"website": "autobooks"}, [row for row in rows if row["task"]["website"] == "autobooks"]),
        ({"useCase": "add_film"}, [row for row in rows if row["task"]["useCase"] == "ADD_FILM"]),
        ({"minerUid": "80"}, [row for row in rows if row["agentRun"]["minerUid"] == 80]),
        ({"success": "true"}, [row for row in rows if row["evaluation"]["passed"]]),
        ({"success": "false"}, [row for row in rows if not row["evaluation"]["passed"]]),
    ]:
        assert select(rows, {**params, "sort": "created_at_asc"}) == expected
        assert 0 < len(expected) < 60
    newest = select(rows, {})
    assert newest == rows[::-1] == select(rows, {"sort": "nonsense"})
    assert all(sorted(entry_ids(select(rows, {"sort": order}))) == sorted(entry_ids(rows)) for order in SORTS)
    assert select(rows, {"sort": "score_desc"})[0]["evaluation"]["score"] == 1
    assert select(rows, {"sort": "score_asc"})[0]["evaluation"]["score"] == 0
