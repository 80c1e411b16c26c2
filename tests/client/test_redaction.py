"""Secrets never reach a log record, an exception or a page."""

import json
import logging
import traceback
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.client import PageRequest, Secret, read_list
from score_model.client._redaction import redact
from score_model.errors import ScoreModelError
from tests.client.factories import decode_json, quick_session
from tests.fakes.entries import make_entries
from tests.fakes.envelopes import DIALECTS, Envelope
from tests.fakes.faults import KINDS, Fault
from tests.fakes.leaderboard import FakeLeaderboard, Recorded

TOKEN = "tok3n-S3CRET/+=value"
KEY = "k3y S3CRET&+/=?#value"
SPELLINGS = sorted(
    {spell(text) for text in (TOKEN, KEY) for spell in (str, quote, quote_plus, lambda t: quote(t, safe=""))}
)


def leaks(text: str) -> list[str]:
    """Return every secret that a text shows, in any spelling, or in part."""
    return [spelling for spelling in [*SPELLINGS, "S3CRET"] if spelling in text]


def everything_about(error: BaseException) -> Iterator[str]:
    """Yield all that could be printed of an exception and of those that hang on it."""
    seen: set[int] = set()
    queue: list[BaseException | None] = [error]
    while queue:
        current = queue.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        queue += [current.__cause__, current.__context__]
        yield str(current)
        yield repr(current)
        yield repr(current.args)
        yield repr(vars(current))
        yield "".join(traceback.format_exception(current))


def record_texts(records: list[logging.LogRecord]) -> Iterator[str]:
    """Yield all that could be printed of log records."""
    for record in records:
        yield record.getMessage()
        yield repr(vars(record))


def echo(recorded: Recorded) -> bytes:
    """Return an error body that repeats the whole request, credentials included."""
    said = f"bad request {recorded.path}?{recorded.params} key={quote(KEY)} with {recorded.headers}"
    return json.dumps({"message": said, "token": TOKEN}).encode()


FAULTS = [
    *(Fault(kind=kind, seconds=0.05, status=302 if kind == "redirect" else 503) for kind in KINDS),
    *(Fault(kind="status", status=status) for status in (400, 401, 403, 404, 422, 429, 500)),
    Fault(kind="status", status=503, headers={"Retry-After": "9999"}),
    Fault(kind="redirect", status=307, location=f"http://evil.example/?key={quote(KEY)}"),
    Fault(kind="redirect", status=307, location=f"http://{quote(TOKEN, safe='')}@evil.example/"),
    Fault(kind="status", status=200, body=b'{"success": false, "error": "' + KEY.encode() + b'"}'),
    Fault(kind="status", status=200, body=b"<html>" + KEY.encode()),
    Fault(kind="status", status=200, body=TOKEN.encode()),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.kind}-{fault.status}")
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_no_output_shows_a_secret(fault: Fault, method: str, caplog: pytest.LogCaptureFixture) -> None:
    """Under every fault, exceptions (with all that hangs on them) and every logger's records are free of secrets."""

    def answer(recorded: Recorded) -> Fault:
        if fault.kind == "status" and fault.status != 200:
            return Fault(kind="status", status=fault.status, body=echo(recorded), headers=fault.headers)
        return fault

    texts: list[str] = []
    with caplog.at_level(logging.DEBUG):
        async with (
            FakeLeaderboard(rows=make_entries(3), faults=answer) as api,
            quick_session(api.origin, bearer_token=Secret(TOKEN), api_key=Secret(KEY), timeout_s=0.2) as session,
        ):
            try:
                if method == "GET":
                    await session.get("/list", {"page": "1"}, decode=decode_json)
                else:
                    await session.post("/claim", {"agent": "a"}, decode=decode_json)
            except ScoreModelError as error:
                texts += everything_about(error)
            texts += [repr(session), repr(session.settings), session.redact(f"{TOKEN} {KEY} {quote(KEY)}")]
        assert {request.params["key"] for request in api.requests} == {KEY}
    assert not leaks("\n".join([*texts, *record_texts(caplog.records)]))
    assert not any(record.name == "stamina" for record in caplog.records)


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_no_page_shows_a_secret(dialect: str, caplog: pytest.LogCaptureFixture) -> None:
    """A server that echoes credentials in rows, `next` and `Link` gets them neither into a dump nor into a journal."""
    rows = make_entries(4)
    rows[2]["task"]["intent"] = f"the header was Bearer {TOKEN} and the query key={quote(KEY)}"
    api = FakeLeaderboard(rows=rows, envelope=Envelope(dialect=dialect), bearer=TOKEN, key=KEY)
    texts: list[str] = []
    with caplog.at_level(logging.DEBUG):
        async with api, quick_session(api.origin, bearer_token=Secret(TOKEN), api_key=Secret(KEY)) as session:
            async for page in read_list(session, PageRequest(path="/list", params={"limit": "2"})):
                texts += [repr(page), *(bytes(item).decode() for item in page.items)]
    assert len(api.requests) >= 2
    assert not leaks("\n".join([*texts, *record_texts(caplog.records)]))


async def test_a_short_secret_does_not_change_rows() -> None:
    """A key that could be a word of the data is masked in messages and links, but rows stay as received."""
    api = FakeLeaderboard(rows=make_entries(4), envelope=Envelope(dialect="next_url"), key="item")
    async with api, quick_session(api.origin, api_key=Secret("item")) as session:
        pages = [page async for page in read_list(session, PageRequest(path="/list", params={"limit": "2"}))]
    assert all(b"item number" in bytes(item) for page in pages for item in page.items)
    assert "item" not in str(pages[0].next)
    assert [len(page.items) for page in pages] == [2, 2]


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("GET http://h/x?key=abc&page=2", "GET http://h/x?key=***&page=2"),
        ("?nonce=1&run_id=2", "?nonce=***&run_id=2"),
        ("?API_KEY=a;access_token=b token=c", "?API_KEY=***;access_token=*** token=***"),
        ("key%3Dabc monkey=1 page_token=2", "key%3D*** monkey=1 page_token=2"),
        ("Authorization: Bearer a.b-c", "Authorization: Bearer ***"),
        ("https://user:pass@h/x", "https://***@h/x"),
        ('{"token": "a b", "page": "1"}', '{"token": "***", "page": "1"}'),
        ("nothing to hide", "nothing to hide"),
        ("A valid bearer token is required.", "A valid bearer token is required."),
    ],
)
def test_credential_parameters_are_masked_whoever_sent_them(text: str, redacted: str) -> None:
    """Names of credentials are enough; what only ends like one is left alone."""
    assert redact(text) == redacted


@given(st.text(min_size=6), st.text(max_size=20), st.text(max_size=20))
def test_a_literal_secret_is_masked_anywhere(secret: str, before: str, after: str) -> None:
    """Plain or percent-encoded, a secret does not survive redaction."""
    if set(secret) <= {"*"}:
        return
    for spelling in (secret, quote(secret, safe=""), quote_plus(secret)):
        assert spelling not in redact(before + spelling + after, [secret])


def test_redaction_is_empty_handed_without_secrets() -> None:
    """No secrets, or an empty one, change nothing."""
    values: list[Any] = [[], [""]]
    assert [redact("abc", value) for value in values] == ["abc", "abc"]
