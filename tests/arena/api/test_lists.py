"""How lists go on: every way that deployments offer, and what cursors promise."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from score_model.arena._settings import ApiSwitches, Envelope, PagingMode
from tests.arena.conftest import Answer, RunningArena, StartArena

_ENVELOPES: tuple[Envelope, ...] = (
    "results", "items", "data", "tasks", "data.results", "data.items", "data.data", "data.tasks",
)  # fmt: skip


def _opened(answer: Answer, envelope: str) -> tuple[list[str], dict[str, Any]]:
    """Titles of a list, and what stands beside them."""
    assert answer.status == 200, answer.body
    body = answer.json
    outer, _, field = envelope.rpartition(".")
    if outer:
        assert set(body) == {outer}
        body = body[outer]
    return [item["title"] for item in body.pop(field)], body


async def _five(start_arena: StartArena, paging: PagingMode, envelope: Envelope = "results") -> RunningArena:
    arena = await start_arena(api=ApiSwitches(paging=paging, envelope=envelope))
    for number in range(5):
        await arena.create(f"t{number}")
    return arena


@pytest.mark.parametrize("envelope", _ENVELOPES)
async def test_envelopes(start_arena: StartArena, envelope: Envelope) -> None:
    """Rows and hints come under the field that the deployment chose, flat or nested once; solutions too."""
    arena = await _five(start_arena, "page", envelope)
    titles, hints = _opened(await arena.call("GET", "/tasks?page=2&page_size=2"), envelope)
    assert titles == ["t2", "t1"]
    assert hints == {"total": 5, "page": 2, "page_size": 2, "has_next": True}
    task = await arena.create()
    solutions = (await arena.call("GET", f"/tasks/{task}/solutions")).json
    outer, _, field = envelope.rpartition(".")
    assert (solutions[outer] if outer else solutions)[field] == []


_HINTS: dict[PagingMode, tuple[dict[str, Any], dict[str, Any]]] = {
    "page": (
        {"total": 5, "page": 1, "page_size": 3, "has_next": True},
        {"total": 5, "page": 2, "page_size": 3, "has_next": False},
    ),
    "next_page": ({"next": 2}, {"next": None}),
    "total": ({"total": 5}, {"total": 5}),
    "bare": ({}, {}),
    "link": ({}, {}),
}


@pytest.mark.parametrize("paging", _HINTS)
async def test_page_numbers(start_arena: StartArena, paging: PagingMode) -> None:
    """Page numbers lead through the list, with the hints of the mode and no others."""
    arena = await _five(start_arena, paging)
    first = await arena.call("GET", "/tasks?page_size=3")
    second = await arena.call("GET", "/tasks?page_size=3&page=2")
    beyond = await arena.call("GET", "/tasks?page_size=3&page=3")
    assert _opened(first, "results") == (["t4", "t3", "t2"], _HINTS[paging][0])
    assert _opened(second, "results") == (["t1", "t0"], _HINTS[paging][1])
    assert _opened(beyond, "results")[0] == []
    assert ("Link" in first.headers, "Link" in second.headers) == (paging == "link", False)
    assert (await arena.call("GET", "/tasks?cursor=x")).code == "invalid_cursor"


async def test_links_are_followed(start_arena: StartArena) -> None:
    """The Link header names the next page on this server and keeps the filters, but no secret of the request."""
    arena = await _five(start_arena, "link")
    first = await arena.call("GET", "/tasks?search=t&page_size=4&nonce=n1&key=k")
    target, _, relation = first.headers["Link"].partition("; ")
    assert relation == 'rel="next"'
    url = urlsplit(target.strip("<>"))
    assert f"{url.scheme}://{url.netloc}" == arena.urls.base_url
    assert url.query == "search=t&page_size=4&page=2"
    assert _opened(await arena.call("GET", f"/tasks?{url.query}"), "results")[0] == ["t0"]


@pytest.mark.parametrize("paging", ["cursor", "next_url"])
async def test_cursors_hold_under_inserts(start_arena: StartArena, paging: PagingMode) -> None:
    """Following cursors gives every row once, in order, though rows come in between and all are of one instant."""
    arena = await _five(start_arena, paging)
    titles: list[str] = []
    query: str | None = "page_size=2"
    while query is not None:
        found, hints = _opened(await arena.call("GET", f"/tasks?{query}"), "results")
        titles += found
        await arena.create("later")
        if paging == "next_url":
            query = urlsplit(hints["next"]).query if hints["next"] else None
        else:
            query = f"page_size=2&cursor={hints['next_cursor']}" if hints["next_cursor"] else None
    assert titles == ["t4", "t3", "t2", "t1", "t0"]


async def test_cursors_are_of_one_list(arena: RunningArena) -> None:
    """A cursor that was changed, or made for another list or filter, answers 422; it outlives other page sizes."""
    task, other = [await arena.create(f"t{number}") for number in range(2)]
    for _ in range(2):
        await arena.submit(task)
    cursor = (await arena.call("GET", "/tasks?page_size=1")).json["next_cursor"]
    assert len((await arena.call("GET", f"/tasks?cursor={cursor}&page_size=7")).json["results"]) == 1
    changed = [cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :] for place in range(40)]
    assert len(cursor) == 40
    for bad in (*changed, cursor[:-1], cursor + "A", cursor + "=", "A" * 40, "%00", "%C3%A9", "x" * 5000):
        answer = await arena.call("GET", f"/tasks?cursor={bad}")
        assert (answer.status, answer.code) == (422, "invalid_cursor"), bad
    assert (await arena.call("GET", f"/tasks?search=t&cursor={cursor}")).code == "invalid_cursor"
    solutions = (await arena.call("GET", f"/tasks/{task}/solutions?page_size=1")).json["next_cursor"]
    assert (await arena.call("GET", f"/tasks/{task}/solutions?cursor={solutions}")).status == 200
    assert (await arena.call("GET", f"/tasks/{other}/solutions?cursor={solutions}")).code == "invalid_cursor"


_BAD_PAGES = (
    ("page=0", "greater_than_equal"),
    ("page=x", "int_parsing"),
    (f"page={'9' * 400}", "less_than_equal"),
    ("page_size=0", "greater_than_equal"),
    ("page_size=201", "less_than_equal"),
    ("page_size=1.5", "int_parsing"),
)


async def test_bad_pages_are_refused(arena: RunningArena) -> None:
    """A page or a page size outside its bounds answers 422 in FastAPI's shape, on both lists."""
    task = await arena.create()
    for query, kind in _BAD_PAGES:
        for path in ("/tasks", f"/tasks/{task}/solutions"):
            answer = await arena.call("GET", f"{path}?{query}")
            assert (answer.status, answer.code) == (422, "invalid_query")
            assert answer.json["detail"][0]["type"] == kind


async def test_the_last_page_that_can_be_named(arena: RunningArena) -> None:
    """The greatest page and page size are an empty page, not an error."""
    assert (await arena.call("GET", f"/tasks?page={2**31 - 1}&page_size=200")).json["results"] == []
