"""Which rows are replayed."""

from score_model.contract import Sample
from score_model.replay import select
from tests.replay.factories import sample

ROWS = [
    sample(solution_id=f"s{number}", website=website, passed=passed)
    for number, (website, passed) in enumerate(
        [("autodrive", True), ("autodrive", False), ("autodrive", True), ("autolist", None), ("autolist", True)]
    )
]


def ids(rows: list[Sample]) -> list[str | None]:
    return [row.solution_id for row in rows]


def test_rows_are_chosen_by_website_and_label() -> None:
    """Websites are compared without regard to case; a row without a label is neither a pass nor a failure."""
    assert ids(list(select(ROWS))) == ["s0", "s1", "s2", "s3", "s4"]
    assert ids(list(select(ROWS, websites=["AutoList"]))) == ["s3", "s4"]
    assert ids(list(select(ROWS, success=True))) == ["s0", "s2", "s4"]
    assert ids(list(select(ROWS, success=False))) == ["s1"]


def test_the_limit_of_a_website_comes_before_the_limit_of_all() -> None:
    """Of each website the first few, and of these the first few."""
    assert ids(list(select(ROWS, per_website_limit=2))) == ["s0", "s1", "s3", "s4"]
    assert ids(list(select(ROWS, per_website_limit=1, limit=2))) == ["s0", "s3"]


def test_rows_without_a_solution_are_passed_over() -> None:
    """There is nothing to replay in them, and they count for no limit."""
    assert ids(list(select([sample(solution_id=None), *ROWS], limit=1))) == ["s0"]


def test_no_more_rows_are_read_than_needed() -> None:
    """A dataset behind the last chosen row is not read."""
    rows = iter(ROWS)
    list(select(rows, limit=2))
    assert ids(list(rows)) == ["s2", "s3", "s4"]
