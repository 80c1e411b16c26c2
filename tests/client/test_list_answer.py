"""Splitting list answers: every known shape, rows byte for byte, and nothing hostile gets through."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.client import ListPage
from score_model.client._error_body import UnusableAnswerError
from score_model.client._list_answer import decode_list
from tests.fakes.envelopes import ITEM_KEYS

HINTS = ["total", "page", "limit", "totalPages", "has_next", "hasNext", "next", "next_cursor", "nextCursor"]
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("\ud83d")
json_values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["tasks", "results", "items", "data", "success", *HINTS]), inner, max_size=6)
    ),
    max_leaves=15,
)


def rows_of(body: bytes) -> list[bytes]:
    """Return the rows as bytes."""
    return [bytes(item) for item in decode_list(body).items]


@pytest.mark.parametrize("key", ITEM_KEYS)
def test_rows_are_found_under_every_known_key(key: str) -> None:
    """Flat, nested once under `data`, or the whole answer."""
    value: object = [{"a": 1}, {"b": 2}]
    for part in reversed(key.split(".") if key else []):
        value = {part: value}
    assert rows_of(json.dumps(value).encode()) == [b'{"a": 1}', b'{"b": 2}']


def test_rows_stay_as_received() -> None:
    """Number spellings, key order, duplicate keys, escapes and inner white space survive."""
    rows = [
        b'{"z": 1.0, "a":1e2 , "a": -0}',
        b'"\\u00e9\\/"',
        b"12345678901234567890123",
        b"0.1000",
        '"é😀"'.encode(),
        b"null",
        b"[ ]",
    ]
    assert rows_of(b' {"data": {"tasks": [ ' + b" ,\n".join(rows) + b" ]}}") == rows


def test_half_a_surrogate_pair_costs_neither_row_nor_page() -> None:
    """A text that was cut inside an emoji is valid JSON text: its row comes out byte for byte."""
    rows = [
        b'{"t": "cut \\ud83d"}',
        b'{"t": "\\uDE00 \\ud83d\\ude00 \\\\ud83d"}',
        b'{"t": "fine"}',
        b'"\\ud83d\\ud83d"',
    ]
    assert rows_of(b'{"items": [' + b", ".join(rows) + b'], "total": 4}') == rows


@pytest.mark.parametrize(
    ("hints", "expected"),
    [
        ({"total": 7, "page": 2, "limit": 3, "totalPages": 3}, {"total": 7, "page": 2, "limit": 3, "total_pages": 3}),
        ({"total": "7", "total_pages": "3.0"}, {"total": 7, "total_pages": 3}),
        ({"total": None, "page": None}, {"total": None, "page": None}),
        ({"total": -1, "page": True, "limit": 1.5}, {"total": None, "page": None, "limit": None}),
        ({"total": 10**400, "limit": {"a": 1}}, {"total": None, "limit": None}),
        ({"has_next": True}, {"has_next": True}),
        ({"hasNext": "false"}, {"has_next": False}),
        ({"hasNext": None}, {"has_next": None}),
        ({"next": "/x?page=2"}, {"next": "/x?page=2"}),
        ({"next": 2}, {"next": 2}),
        ({"next": "2"}, {"next": 2}),
        ({"next": ""}, {"next": None}),
        ({"nextCursor": "abc"}, {"next_cursor": "abc"}),
        ({"next_cursor": 17}, {"next_cursor": "17"}),
        ({"next_cursor": ""}, {"next_cursor": None}),
        ({"next_cursor": None, "nextCursor": "b"}, {"next_cursor": "b"}),
    ],
    ids=str,
)
@pytest.mark.parametrize("nested", [False, True])
def test_hints_are_read_in_every_spelling(hints: dict[str, object], expected: dict[str, object], nested: bool) -> None:
    """Snake and camel case, at the top or beside the rows, null, or a number as text."""
    value = {"data": {"items": [], **hints}} if nested else {"data": {"items": []}, **hints}
    page = decode_list(json.dumps(value).encode())
    assert {name: getattr(page, name) for name in expected} == expected
    assert page.offered >= {name for name in expected if name != "page"}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "truncated"),
        (b"nope", "malformed"),
        (b'{"data": {"tasks": [1, 2', "truncated"),
        (b'{"data": {"tasks": [1,]}}', "trailing comma"),
        (b'{"data": {"tasks": [NaN]}}', "malformed"),
        (b'{"tasks": []} {}', "trailing"),
        (b'{"success": false, "tasks": [1]}', "success: false"),
        (b'{"success": "false", "error": "busy"}', r"success: false \(busy\)"),
        (b"{}", "no list under"),
        (b"3", "no list under"),
        (b'{"data": "x"}', "no list under"),
        (b'{"data": {"data": {"data": []}}}', "no list under"),
        (b'{"tasks": null, "total": 5}', "no list under"),
        (b'{"tasks": null}', "no list under"),
        (b'{"message": "maintenance"}', r"no list under .*\(maintenance\)"),
        (b'{"tasks": ["\\ud83d", }', "malformed"),
        (b'{"tasks": ["\\ud83d \x7f\x7f"]}', "invalid"),
        (b"[" * 100_000, "invalid JSON"),
        (b'{"tasks": [' + b"[" * 5000 + b"]" * 5000 + b"]}", "recursion"),
    ],
)
def test_an_answer_that_lies_is_named(body: bytes, says: str) -> None:
    """Everything that isn't a list of rows is an unusable answer that says why."""
    with pytest.raises(UnusableAnswerError, match=says):
        decode_list(body)


def test_null_rows_with_a_total_of_zero_are_an_empty_list() -> None:
    """Some servers write an empty list as null."""
    assert decode_list(b'{"success": true, "data": {"tasks": null, "total": 0}}').items == []


@given(json_values)
def test_no_envelope_breaks_the_reader(value: object) -> None:
    """Any JSON is either a page whose rows are valid JSON, or a named error."""
    body = json.dumps(value).encode()
    try:
        page = decode_list(body)
    except UnusableAnswerError:
        return
    assert isinstance(page, ListPage)
    for item in page.items:
        json.loads(bytes(item))
    assert page.total is None or page.total >= 0


@given(
    st.binary()
    | st.tuples(st.binary(max_size=20), st.binary(max_size=20)).map(lambda ends: ends[0] + b'{"tasks": [' + ends[1])
)
def test_no_bytes_break_the_reader(body: bytes) -> None:
    """Any bytes at all are either a page or a named error."""
    try:
        assert isinstance(decode_list(body), ListPage)
    except UnusableAnswerError:
        return


@given(st.lists(st.integers() | st.text() | st.dictionaries(st.text(), st.none(), max_size=3), max_size=30))
def test_every_row_comes_once_and_in_order(values: list[object]) -> None:
    """Splitting loses nothing and changes nothing."""
    rows = [msgspec.json.encode(value) for value in values]
    assert rows_of(b'{"success":true,"data":{"tasks":[' + b",".join(rows) + b"]}}") == rows
