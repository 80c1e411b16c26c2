"""Instants as the export writes them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.contract import format_instant, parse_instant
from score_model.errors import ContractError


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2025-11-11T00:04:19.169593+00:00", 1_762_819_459_169_593),
        ("2025-11-11T01:04:19.169593+01:00", 1_762_819_459_169_593),
        ("2025-11-11T00:04:19.169593", 1_762_819_459_169_593),
        ("2025-11-11", 1_762_819_200_000_000),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("0001-01-01T00:00:00+23:59", -62_135_683_140_000_000),
        ("9999-12-31T23:59:59.999999-23:59", 253_402_387_139_999_999),
    ],
)
def test_instants_are_microseconds(text: str, microseconds: int) -> None:
    """With an offset, without one (UTC), before 1970, and at the ends of the calendar."""
    assert parse_instant(text) == microseconds


@given(st.text(max_size=30))
def test_what_is_no_date_is_a_contract_error(text: str) -> None:
    """Nothing else escapes."""
    with contextlib.suppress(ContractError):
        parse_instant(text)


@given(st.integers(0, 4_000_000_000))
def test_formatting_and_parsing_agree(seconds: int) -> None:
    """A formatted instant is the instant to the second."""
    assert parse_instant(format_instant(seconds * 1_000_000)) == seconds * 1_000_000
