"""Promises of the plan: what can be asked for, and what is refused at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.errors import UsageError
from score_model.ingest import Cell, CrawlPlan, check_prefix, filter_grid


def test_the_grid_is_every_combination_in_order() -> None:
    """Websites vary slowest, then use cases, successes and miners; repeated values count once."""
    grid = filter_grid(websites=["b", "a", "b"], successes=[True, False], miner_uids=[7])
    assert [(cell.website, cell.success, cell.miner_uid) for cell in grid] == [
        ("b", True, 7),
        ("b", False, 7),
        ("a", True, 7),
        ("a", False, 7),
    ]
    assert filter_grid() == (Cell(),)


def test_a_cell_as_a_query() -> None:
    """Filters that are not set are not sent; the others are spelled as the export spells them."""
    cell = Cell(website="autodrive", use_case="SELECT_DATE", success=False, miner_uid=80)
    assert cell.query() == {"website": "autodrive", "useCase": "SELECT_DATE", "success": "false", "minerUid": "80"}
    assert Cell().query() == {}


@pytest.mark.parametrize(
    "wrong",
    [{"limit": 0}, {"limit": 501}, {"pages_per_filter": 0}, {"max_records": 0}, {"sort": "by_luck"}],
)
def test_impossible_plans_are_refused(wrong: dict[str, object]) -> None:
    """A limit that the server would refuse, or a bound that means nothing, is a usage error of one line."""
    with pytest.raises(UsageError) as refused:
        CrawlPlan(cells=(Cell(),), **wrong)  # type: ignore[arg-type] # wrong on purpose
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "prefix", ["", ".", "..", "a/b", "/a", "a..b", "-a", "a b", "é", "a\n", "x.journal", "x" * 200]
)
def test_prefixes_that_are_no_file_names_are_refused(prefix: str) -> None:
    """A prefix can neither leave the data directory nor collide with our own files."""
    with pytest.raises(UsageError):
        check_prefix(prefix)


@given(st.text())
def test_an_accepted_prefix_is_a_plain_file_name(prefix: str) -> None:
    """Whatever passes has no separator, no control character and no way up."""
    try:
        accepted = check_prefix(prefix)
    except UsageError:
        return
    assert accepted == prefix
    assert accepted.isascii()
    assert accepted.isprintable()
    assert not set("/\\ ") & set(accepted)
    assert ".." not in accepted
