"""What is sent again, after how long, and what is said when nothing helped."""

import logging
import time
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.client import RetryPolicy
from score_model.client._retry import parse_retry_after
from score_model.errors import RemoteUnreachableError, UsageError
from tests.client.factories import NOW, decode_json, quick_session
from tests.fakes.entries import make_entries
from tests.fakes.faults import Fault
from tests.fakes.leaderboard import FakeLeaderboard

PASSING = [
    *(Fault(kind="status", status=status) for status in (408, 425, 429, 500, 502, 503, 504, 507, 599)),
    *(Fault(kind=kind) for kind in ("reset", "reset_mid_body", "truncated", "invalid_json", "truncated_json")),
    *(Fault(kind=kind) for kind in ("success_false", "html", "bad_gzip", "not_http", "empty")),
    Fault(kind="hang"),
    Fault(kind="dribble", seconds=0.01),
]
SAYS = {
    "reset": "connection|closed",
    "reset_mid_body": "broke",
    "truncated": "broke off",
    "invalid_json": "malformed",
    "truncated_json": "truncated|malformed",
    "success_false": "success: false .*the database is busy",
    "html": "HTML page",
    "bad_gzip": "garbled",
    "not_http": "not HTTP|garbled",
    "empty": "truncated",
    "hang": "no complete answer within 0.3 s",
    "dribble": "no complete answer within 0.3 s",
}
SILENT = ("hang", "dribble")  # they end by the timeout; the others must not meet it on a busy machine


def _name(fault: Fault) -> str:
    return f"{fault.kind}-{fault.status}" if fault.kind == "status" else fault.kind


@pytest.mark.parametrize("fault", PASSING, ids=_name)
async def test_a_passing_fault_is_outlasted(fault: Fault) -> None:
    """Every transport error, retried status and lying answer is survived if a later attempt is good."""
    async with (
        FakeLeaderboard(rows=make_entries(5), faults={1: fault, 2: fault}) as api,
        quick_session(api.origin, timeout_s=1.0 if fault.kind in SILENT else 30.0) as session,
    ):
        answer = await session.get("/list", decode=decode_json)
    assert len(answer.value["data"]["tasks"]) == 5
    assert answer.requests == 3


@pytest.mark.parametrize("fault", PASSING, ids=_name)
async def test_a_lasting_fault_ends_with_one_line(fault: Fault) -> None:
    """When every attempt failed the error is one line that says what was seen last."""
    async with (
        FakeLeaderboard(rows=make_entries(5), faults=lambda _: fault) as api,
        quick_session(api.origin, timeout_s=0.3 if fault.kind in SILENT else 30.0) as session,
    ):
        with pytest.raises(RemoteUnreachableError) as caught:
            await session.get("/list", decode=decode_json)
    said = SAYS.get(fault.kind, f"HTTP {fault.status} .*try again")
    assert caught.match(rf"no usable answer from GET http://127\.0\.0\.1:\d+/list after 3 attempts: .*({said})")
    assert "\n" not in str(caught.value)
    assert len(api.requests) == 3
    assert caught.value.exit_code == 4


@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_retry_after_is_honoured(form: str) -> None:
    """The next attempt waits as long as the server asked, in either form of the header."""
    # A date has whole seconds: one second after NOW.
    value = "1" if form == "seconds" else format_datetime(datetime.fromtimestamp(NOW + 1, UTC), usegmt=True)
    fault = Fault(kind="status", status=429, headers={"Retry-After": value})
    async with FakeLeaderboard(faults={1: fault}) as api, quick_session(api.origin) as session:
        begin = time.perf_counter()
        await session.get("/list", decode=decode_json)
        assert 0.95 <= time.perf_counter() - begin < 3
    assert len(api.requests) == 2


@pytest.mark.parametrize("value", ["3", "86400", "9" * 5000, "Fri, 31 Dec 9999 23:59:59 GMT"])
async def test_a_longer_retry_after_ends_the_request(value: str) -> None:
    """A wait above the stated maximum is not begun; the error names both."""
    fault = Fault(kind="status", status=503, headers={"Retry-After": value})
    async with FakeLeaderboard(faults=lambda _: fault) as api, quick_session(api.origin) as session:
        with pytest.raises(RemoteUnreachableError, match=r"asks to wait \S+ s, more than the 2 s that are accepted"):
            await session.get("/list", decode=decode_json)
    assert len(api.requests) == 1


@pytest.mark.parametrize("value", ["0", "-5", "soon", "", "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 99 Foo 2025 x"])
async def test_an_unreadable_or_past_retry_after_means_the_usual_backoff(value: str) -> None:
    """Nonsense in the header neither stops nor hastens the retries."""
    fault = Fault(kind="status", status=503, headers={"Retry-After": value})
    async with FakeLeaderboard(faults={1: fault}) as api, quick_session(api.origin) as session:
        assert (await session.get("/list", decode=decode_json)).requests == 2


@given(st.integers(0, 10**9), st.floats(0, 4e9))
def test_both_forms_of_retry_after_agree(seconds: int, now: float) -> None:
    """A number of seconds and the date that many seconds from now mean the same wait."""
    assert parse_retry_after(str(seconds), now=now) == seconds
    moment = int(now) + seconds
    date = format_datetime(datetime.fromtimestamp(moment, UTC), usegmt=True)
    assert parse_retry_after(date, now=now) == pytest.approx(max(0.0, moment - now))


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d{1,5} [A-Z][a-z]{2} \d{1,9} \d\d:\d\d:\d\d ([A-Z]{3}|[+-]\d{4,9})"))
def test_no_retry_after_breaks_the_parser(value: str) -> None:
    """Whatever the header holds, the answer is a wait of 0 or more, or none."""
    wait = parse_retry_after(value, now=NOW)
    assert wait is None or wait >= 0


async def test_a_body_beyond_the_limit_is_final() -> None:
    """A server can't fill the memory: reading stops at the limit, also within a compressed body, and isn't repeated."""
    faults = {2: Fault(kind="gzip_bomb")}
    async with (
        FakeLeaderboard(rows=make_entries(50), faults=faults) as api,
        quick_session(api.origin, max_body_bytes=9000) as session,
    ):
        for _ in range(2):
            with pytest.raises(RemoteUnreachableError, match="larger than the 9,000 bytes"):
                await session.get("/list", decode=decode_json)
    assert len(api.requests) == 2


async def test_retries_are_logged_once_and_quietly(caplog: pytest.LogCaptureFixture) -> None:
    """Each failed attempt is one INFO record of ours, and stamina's own warning about it is dropped."""
    fault = Fault(kind="status", status=503)
    with caplog.at_level(logging.DEBUG):
        async with FakeLeaderboard(faults={1: fault, 2: fault}) as api, quick_session(api.origin) as session:
            await session.get("/list", decode=decode_json)
    records = [record for record in caplog.records if record.name.startswith(("score_model", "stamina"))]
    assert [(record.name, record.levelname) for record in records] == [("score_model.client", "INFO")] * 2
    assert "attempt 1 of 3 of GET http://127.0.0.1" in records[0].getMessage()


@pytest.mark.parametrize("change", [{"attempts": 0}, {"wait_max_s": -1.0}, {"max_retry_after_s": -1.0}])
def test_a_policy_that_makes_no_sense_is_a_usage_error(change: dict[str, float]) -> None:
    """Zero attempts or negative waits are refused."""
    with pytest.raises(UsageError):
        RetryPolicy(**change)  # type: ignore[arg-type]


async def test_a_byte_order_mark_is_no_lie() -> None:
    """JSON behind a UTF-8 byte order mark is accepted at once."""
    fault = Fault(kind="status", status=200, body=b"\xef\xbb\xbf[1]")
    async with FakeLeaderboard(faults=lambda _: fault) as api, quick_session(api.origin) as session:
        answer = await session.get("/list", decode=decode_json)
    assert (answer.value, answer.requests) == ([1], 1)
