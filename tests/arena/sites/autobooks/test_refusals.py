"""What hostile requests get: JSON that says no, safe headers, and never a 5xx."""

import json

import pytest

from tests.arena.sites.autobooks.drivers import Shop

JSON = {"Content-Type": "application/json"}
BODIES = {
    "empty": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "null": b"null",
    "numbers": b'{"username": 5}',
    "nested": b'{"username": {"a": ["b"]}}',
    "deep": b"[" * 60_000,
    "deep object": b'{"a":' * 10_000,
    "lone surrogate": b'{"username": "\\ud800", "password": "x"}',
    "no UTF-8": b'{"username": "\xff"}',
    "huge number": b'{"username": 1e999}',
}
PATHS = (
    "/api/pages/nothing",
    "/api/pages/item",
    "/api/pages/item/x",
    "/api/pages/item/-1",
    "/api/pages/item/" + "9" * 5000,
    "/api/pages/item/%D9%A1",
    "/api/pages/item/1%2F..%2F2",
    "/api/pages/home/1",
    "/api/nothing",
    "/static/nothing.js",
    "/static/..%2F_app.py",
    "/static/catalog.json",
    "/static/",
    "/covers/x.svg",
    "/covers/1",
    "/covers/999999999.svg",
    "/covers/..%2Fshell.html",
    "/covers/%00.svg",
)


async def test_bad_bodies_are_refused(shop: Shop) -> None:
    """A body that is no form answers 4xx with a code, on every act and on the event log."""
    visitor = shop.visitor()
    for path in ("/api/acts/login", "/api/acts/add", "/api/acts/comment/1", "/api/log-event"):
        for name, body in BODIES.items():
            answer = await visitor.call("POST", path, data=body, headers=JSON)
            assert 400 <= answer.status < 500, (path, name, answer.status)
            assert set(answer.json) >= {"code", "detail"}, (path, name)


async def test_bodies_are_bounded(shop: Shop) -> None:
    """More than 64 KiB answers 413, declared or not."""
    visitor = shop.visitor()
    body = json.dumps({"username": "x" * 70_000}).encode()

    async def chunks() -> object:
        for start in range(0, len(body), 1000):
            yield body[start : start + 1000]

    for path in ("/api/acts/login", "/api/log-event"):
        for data in (body, chunks()):
            answer = await visitor.call("POST", path, data=data, headers=JSON)
            assert (answer.status, answer.json["code"]) == (413, "body_too_large"), path


async def test_unknown_places_answer_404(shop: Shop) -> None:
    """Unknown pages, files and numbers answer 404 as JSON; nothing outside the static files can be read."""
    visitor = shop.visitor()
    for path in PATHS:
        answer = await visitor.call("GET", path)
        assert (answer.status, answer.json["code"]) == (404, "not_found"), path
    assert (await visitor.act("nothing")).status == 404
    assert (await visitor.act("edit/x")).status == 404
    assert (await visitor.call("POST", "/add/")).status == 405


async def test_hostile_texts_are_texts(shop: Shop) -> None:
    """Markup, control characters, SQL and odd encodings in queries, headers and forms are data like any other."""
    visitor = shop.visitor()
    for query in (
        "%00",
        "%FF%FE",
        "%ED%A0%80",
        "%3Cscript%3E",
        "'%20OR%201=1--",
        "x" * 3000,
        "%F0%9F%93%9A",
        "a&search=b",
    ):
        for name in ("search", "genre", "year", "seed"):
            answer = await visitor.call("GET", f"/api/pages/home?{name}={query}")
            assert answer.status == 200, (name, query, answer.body)
    text = "<img src=x onerror=alert(1)>\u0000\u202e'\"; DROP TABLE worlds;--"
    answer = await visitor.act("comment/1", name=text, content=text)
    assert answer.status in (200, 404)
    await visitor.log_in()
    book = {"name": text, "author": "\u0001]]>&amp;", "year": "1999", "page_count": "1", "rating": "1"}
    number = (await visitor.act("add", **book)).json["event"]["data"]["id"]
    assert (await visitor.page(f"item/{number}")).json["page"]["item"]["name"] == text.replace("\0", "")
    cookies = {"Cookie": "autobooks_session=" + "%00" * 50 + "; autobooks_seed=%7f; =; a"}
    assert (await visitor.call("GET", "/api/boot", headers=cookies)).status == 200


@pytest.mark.parametrize("value", ["x" * 20_000, "é" * 300])
async def test_long_identities_are_refused(shop: Shop, value: str) -> None:
    """An identity header that is too long is refused rather than cut."""
    answer = await shop.visitor().call("GET", "/api/boot", headers={"X-WebAgent-Id": value})
    assert 400 <= answer.status < 500
    assert answer.json["code"]


async def test_other_sites_cannot_act(shop: Shop) -> None:
    """A page of another site can't act here or reset: neither the types that its forms send are taken, nor its fetches.

    The shop's own pages and programs can.
    """
    visitor = shop.visitor()
    await visitor.log_in()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        answer = await visitor.call("POST", "/api/acts/logout", data=b"{}", headers={"Content-Type": kind})
        assert (answer.status, answer.json["code"]) == (415, "json_only"), kind
    for relation in ("cross-site", "same-site"):
        headers = JSON | {"Sec-Fetch-Site": relation}
        answer = await visitor.call("POST", "/api/acts/logout", data=b"{}", headers=headers)
        assert (answer.status, answer.json["code"]) == (403, "other_site")
        answer = await visitor.call("POST", "/reset/", headers={"Sec-Fetch-Site": relation})
        assert (answer.status, answer.json["code"]) == (403, "other_site")
    assert (await visitor.call("GET", "/api/boot")).json["member"] is not None
    headers = JSON | {"Sec-Fetch-Site": "same-origin"}
    assert (await visitor.call("POST", "/api/acts/logout", data=b"{}", headers=headers)).status == 200
    for own in ({}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        assert (await visitor.call("POST", "/reset/", headers=own)).status == 204


async def test_every_answer_is_guarded(shop: Shop) -> None:
    """Pages, files, covers, API answers and refusals all carry the strict policy and forbid sniffing."""
    visitor = shop.visitor()
    for path in ("/", "/nothing/", "/static/main.js", "/static/nothing", "/covers/3.svg", "/api/boot", "/api/nothing"):
        headers = (await visitor.call("GET", path)).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; "), path
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff", path
