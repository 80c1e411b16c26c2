"""Whatever is sent, the site answers with a page of its own, and never with a server error."""

import random

import pytest

from tests.arena.sites.autocinema.drivers import Cinema, Visitor
from tests.arena.sites.autocinema.test_use_cases import NEW_FILM

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> {{ 7*7 }} ${7*7} </title></textarea>"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def test_text_stays_text(visitor: Visitor) -> None:
    """Markup in names, comments, queries and profiles is shown as it was typed, and makes no element."""
    fields = [(name, value) for name, value in NEW_FILM if name not in ("name", "director", "cast", "desc")]
    hostile = [(name, SCRIPT) for name in ("name", "director", "cast", "desc")]
    page = await visitor.post("/add/", [*fields, *hostile])
    (heading,) = page.markup.all("h1")
    assert heading.text == " ".join(SCRIPT.split())
    commented = await visitor.post("/movie/1001/", {"name": SCRIPT, "content": SCRIPT})
    searched = await visitor.get("/", search=SCRIPT)
    refused = await visitor.post("/contact/", dict.fromkeys(("name", "email", "subject", "message"), SCRIPT))
    await visitor.sign_in()
    profile = await visitor.post("/profile/", dict.fromkeys(("bio", "location", "website"), SCRIPT))
    pages = (page, commented, searched, refused, profile, await visitor.get("/"), await visitor.get("/update/1001/"))
    for answer in pages:
        assert answer.status in (200, 422)
        assert not answer.markup.all("script")
        assert not [image for image in answer.markup.all("img") if "onerror" in image.attributes]
        assert "{{ 7*7 }}" in answer.text
    assert (await visitor.get("/", search=SCRIPT)).markup.all("h3")[0].text == " ".join(SCRIPT.split())


async def test_safe_headers(visitor: Visitor) -> None:
    """Every answer forbids scripts, framing and sniffing, and the session's cookie is out of reach of scripts."""
    film = visitor.films[0]
    for method, path in (
        ("GET", "/"), ("GET", f"/movie/{film.id}/"), ("GET", "/nowhere"), ("PUT", "/"), ("GET", "/static/site.css"),
        ("GET", f"/covers/{film.id}.svg"), ("GET", "/covers/0.svg"), ("GET", "/events/list/"),
    ):  # fmt: skip
        headers = (await visitor.send(method, path)).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
    answer = await visitor.post("/login/", {"username": "user7", "password": "password123"}, follow=False)
    assert answer.status == 303
    cookie = answer.cookies["autocinema_session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "lax", "/")
    assert len(cookie.value) >= 32


@pytest.mark.parametrize(
    "path",
    [
        "/movie/99999999999999999999/", "/movie/0/", "/movie/-1/", "/movie/1.0/", "/movie/%00/", "/movie/%ED%A0%80/",
        "/movie/%D9%A1/", "/movie/1001/", "/update/99999999999999999999/", "/delete/abc/", "/covers/1.png",
        "/covers/999.svg", "/covers/..%2f..%2fetc%2fpasswd", "/static/../_app.py", "/static/%2e%2e/_app.py",
        "/templates/base.html", "/.git/config", "/movie/", "/movie/1/2/3/", "/%00", "/%FF%FE", "/a" * 2000,
    ],
)  # fmt: skip
async def test_unknown_addresses(visitor: Visitor, path: str) -> None:
    """An address that leads nowhere shows the 404 page, whatever it is made of."""
    answer = await visitor.send("GET", path)
    assert answer.status == 404
    assert len(answer.markup.all("h1")) == 1
    assert "Back to the programme" in answer.text
    assert await visitor.events() == []


@pytest.mark.parametrize(
    "query",
    [
        "search=%00", "search=%ED%A0%80%FF", "search=" + "a" * 30_000, "search=a&search=b", "genre=0&year=0",
        "genre=99999999999999999999&year=99999999999999999999", "genre=%D9%A1&year=%D9%A1%D9%A1%D9%A1%D9%A1",
        "genre=nothing", "year=-001", "seed=%00&notice=%00", "&&==&%", "search[]=1", "notice=__class__",
        "&".join(f"x{number}=1" for number in range(5000)), "search=%F0%9F%92%A9&genre=6", "a;b=c",
    ],
)  # fmt: skip
async def test_strange_queries(visitor: Visitor, query: str) -> None:
    """The front page takes any query: what it can't use, it ignores."""
    answer = await visitor.send("GET", f"/?{query}")
    assert answer.status == 200, answer.text[:200]
    assert len(answer.markup.all("h1")) == 1
    names = await visitor.event_names()
    assert names in ([], ["SEARCH_FILM"])


@pytest.mark.parametrize("path", ["/add/", "/contact/", "/login/", "/register/", "/movie/{id}/", "/update/{id}/"])
async def test_strange_forms(visitor: Visitor, path: str) -> None:
    """Bytes that are no form are refused with a page; NUL, broken UTF-8 and repeated fields are no accident."""
    target = path.format(id=visitor.films[0].id)
    bodies: list[tuple[bytes, dict[str, str], tuple[int, ...]]] = [
        (b"", {}, (401, 422)),
        (b"name=%00&name=%ED%A0%80&username=%00&email=%FF", FORM, (401, 422)),
        (b"\x00\xff\xfe=&&&%%%", FORM, (401, 422)),
        (b"&".join(b"name=%d" % number for number in range(500)), FORM, (400,)),
        (b"--x\r\nbroken", {"Content-Type": "multipart/form-data; boundary=x"}, (415,)),
        (b'{"name": 1}', {"Content-Type": "application/json"}, (415,)),
        (b"name=1", {"Content-Type": "text/plain; charset=utf-7"}, (415,)),
        (b"name=" + b"a" * 300_000, FORM, (413,)),
        (b"name=" + b"a" * 200_000, FORM, (401, 422)),
    ]
    for body, headers, statuses in bodies:
        answer = await visitor.send("POST", target, data=body, headers=headers)
        assert answer.status in statuses, body[:40]
        assert len(answer.markup.all("h1")) == 1
    assert await visitor.events() == []


async def test_other_methods(visitor: Visitor) -> None:
    """A method that an address does not know is answered with 405 and what it does know."""
    for method, path in (
        ("PUT", "/"),
        ("POST", "/"),
        ("DELETE", "/movie/1/"),
        ("PATCH", "/login/"),
        ("GET", "/reset/"),
    ):
        answer = await visitor.send(method, path)
        assert answer.status == 405, (method, path)
        assert answer.headers["Allow"]


async def test_other_sites_cannot_act(visitor: Visitor) -> None:
    """What a browser sends for a page of another origin is refused, resets too; programs and own pages act."""
    film = visitor.films[0]
    letter = {"name": "Ida", "email": "ida@mail.example", "subject": "a", "message": "b"}
    for relation in ("cross-site", "same-site"):
        for path in ("/contact/", "/add/", f"/delete/{film.id}/", f"/movie/{film.id}/", "/logout/", "/reset/"):
            answer = await visitor.send("POST", path, data=letter, headers={"Sec-Fetch-Site": relation})
            assert answer.status == 403, path
        deleted = await visitor.send("DELETE", "/events/reset/", headers={"Sec-Fetch-Site": relation})
        assert deleted.status == 403
        assert (await visitor.send("GET", "/contact/", headers={"Sec-Fetch-Site": relation})).status == 200
    assert await visitor.events() == []
    for own in ({}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        assert (await visitor.send("POST", "/contact/", data=letter, headers=own)).notice
        assert await visitor.event_names() == ["CONTACT"]
        assert (await visitor.send("POST", "/reset/", headers=own)).status == 204
        assert await visitor.events() == []


async def test_noise(cinema: Cinema) -> None:
    """Random bytes in every place of a form end in a page or a refusal."""
    visitor = await cinema.visitor()
    noise = random.Random(7)  # the same noise in every run
    names = (
        "name",
        "director",
        "cast",
        "year",
        "duration",
        "rating",
        "genres",
        "desc",
        "trailer_url",
        "favorite_genre",
    )
    for _ in range(60):
        body = b"&".join(
            name.encode() + b"=" + b"".join(b"%%%02X" % noise.randrange(256) for _ in range(noise.randrange(12)))
            for name in noise.choices(names, k=8)
        )
        answer = await visitor.send("POST", noise.choice(("/add/", "/contact/", "/profile/")), data=body, headers=FORM)
        assert answer.status in (200, 422)
    assert await visitor.events() == []


async def test_identity_headers(cinema: Cinema) -> None:
    """An identity too long to keep is refused with a page, not cut to somebody else's."""
    visitor = await cinema.visitor(agent_id="a" * 5000)
    answer = await visitor.get("/")
    assert answer.status == 400
    assert len(answer.markup.all("h1")) == 1
