"""Promises of the lines of a trace: nothing that was recorded is lost, and what is no trace is refused."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.errors import ContractError
from score_model.traces import BrowserSnapshot, TraceFooter, TraceHeader, TraceRecord, TraceStep
from score_model.traces._records import decode_line, encode_line
from tests.traces.factories import FOOTER, HEADER, step

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
EXTRA = st.dictionaries(TEXT.map("x-".__add__), JSON, max_size=2)
MAYBE_TEXT = st.none() | TEXT
EVENTS = st.none() | st.lists(JSON, max_size=3)
HEADERS = st.builds(
    TraceHeader,
    task=st.none() | st.dictionaries(TEXT, JSON, max_size=3),
    solution_id=MAYBE_TEXT,
    browser=MAYBE_TEXT,
    versions=st.none() | st.dictionaries(TEXT, TEXT, max_size=2),
    clock_shift_ms=st.none() | st.integers(-(2**62), 2**62),
    extra=EXTRA,
)
STEPS = st.builds(
    TraceStep,
    task_id=MAYBE_TEXT,
    action_index=st.integers(0, 10_000),
    action=JSON,
    success=st.none() | st.booleans(),
    error=MAYBE_TEXT,
    execution_time=st.none() | st.floats(0, 1e6),
    browser_snapshot=st.builds(
        BrowserSnapshot,
        prev_html=MAYBE_TEXT,
        current_html=MAYBE_TEXT,
        js_events=EVENTS,
        backend_events=EVENTS,
        timestamp=MAYBE_TEXT | st.floats(0, 4e9),
        extra=EXTRA,
    ),
    extra=EXTRA,
)
FOOTERS = st.builds(
    TraceFooter,
    verdict=st.sampled_from([None, FOOTER.verdict]),
    timings=st.none() | st.dictionaries(TEXT, st.floats(0, 1e6), max_size=2),
    budgets_hit=st.none() | st.lists(TEXT, max_size=2),
    backend_events=EVENTS,
    extra=EXTRA,
)


@given(HEADERS | STEPS | FOOTERS)
def test_every_record_survives_its_line(record: TraceRecord) -> None:
    """What is written is read back as it was, on one line of JSON that any parser reads."""
    line = encode_line(record)
    assert decode_line(line[:-1]) == record
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert isinstance(json.loads(line), dict)


def test_a_step_has_the_documented_names() -> None:
    """A step's line holds exactly the documented fields, also where there is nothing to say, and no other."""
    line = json.loads(encode_line(step(0)))
    assert list(line) == ["project_id", "task_id", "web_agent_id", "action_index", "action", "success", "error",
                          "execution_time", "browser_snapshot"]  # fmt: skip
    assert list(line["browser_snapshot"]) == [
        "iteration", "current_url", "prev_html", "current_html", "html_diff", "js_events", "backend_events_before",
        "backend_events", "screenshot_before", "screenshot_after", "timestamp",
    ]  # fmt: skip


def test_unknown_fields_are_kept_under_their_names() -> None:
    """A field that no record knows, even one called `extra`, is in `extra` and is written where it was."""
    line = b'{"action_index":1,"action":null,"extra":[1],"mood":"x","browser_snapshot":{"title":"T","iteration":2}}'
    read = decode_line(line)
    assert isinstance(read, TraceStep)
    assert read.extra == {"extra": [1], "mood": "x"}
    assert read.browser_snapshot.extra == {"title": "T"}
    written = json.loads(encode_line(read))
    assert (written["extra"], written["mood"], written["browser_snapshot"]["title"]) == ([1], "x", "T")


def test_a_documented_field_wins() -> None:
    """A name in `extra` can't take the place of a documented field or of the line's kind."""
    crossed = msgspec.structs.replace(HEADER, extra={"kind": "footer", "solution_id": "other", "x": 1})
    assert decode_line(encode_line(crossed)) == msgspec.structs.replace(HEADER, extra={"x": 1})


def test_missing_fields_are_none() -> None:
    """The shortest lines of each kind are read; what they don't say is None."""
    assert decode_line(b'{"kind":"header"}') == TraceHeader()
    assert decode_line(b'{"kind":"footer"}') == TraceFooter()
    short = decode_line(b'{"action_index":0,"action":{},"browser_snapshot":null}')
    assert short == TraceStep(action_index=0, action={})
    assert isinstance(short, TraceStep)
    assert short.browser_snapshot.js_events is None


def test_halves_of_surrogate_pairs_are_replaced() -> None:
    """A page with half a surrogate pair, in text or in a name, is written; whole pairs become their character."""
    events = [{"\udc00": "a\ud800b", "pair": "\ud83d\ude00"}]
    broken = msgspec.structs.replace(step(0), browser_snapshot=BrowserSnapshot(js_events=events))
    read = decode_line(encode_line(broken))
    assert isinstance(read, TraceStep)
    assert read.browser_snapshot.js_events == [{"\ufffd": "a\ufffdb", "pair": "😀"}]


def test_deep_nesting_is_refused() -> None:
    """A value that no reader could follow is a ContractError when it is written and when it is read."""
    deep: Any = 0
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(ContractError, match="nested too deeply"):
        encode_line(TraceStep(action_index=0, action=deep))
    with pytest.raises(ContractError):
        decode_line(b'{"action_index":0,"action":' + b"[" * 5000 + b"]" * 5000 + b"}")


@pytest.mark.parametrize(
    "line",
    [
        b"", b"null", b"[]", b"7", b'"header"', b"{", b'{"kind":"header"', b'{"kind":"sequel"}', b'{"kind":["header"]}',
        b"{}", b'{"action_index":1}', b'{"action":{}}', b'{"action_index":"1","action":{}}', b"\xff\xfe", b'{"a":NaN}',
        b'{"action_index":0,"action":"\xff"}', b'{"action_index":0,"action":1e999}', b'{"kind":"header","task":[]}',
        b'{"action_index":0,"action":0,"browser_snapshot":[1]}', b'{"kind":"footer","verdict":{"score":1}}',
        b'{"action_index":0,"action":0,"browser_snapshot":{"js_events":{}}}', b'{"task":{},"solution":{}}',
    ],
)  # fmt: skip
def test_foreign_lines_are_refused(line: bytes) -> None:
    """Whatever is no line of a trace is a ContractError of one line."""
    with pytest.raises(ContractError) as refused:
        decode_line(line)
    assert "\n" not in str(refused.value)


@given(st.binary(max_size=60) | JSON.map(msgspec.json.encode))
def test_no_bytes_break_the_reader(line: bytes) -> None:
    """Any bytes are either a record or a ContractError."""
    try:
        record = decode_line(line)
    except ContractError:
        return
    assert isinstance(record, TraceHeader | TraceStep | TraceFooter)
