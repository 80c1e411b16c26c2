"""Every use case of the film site: its event, once and with its payload, and none for what was refused."""

from typing import Any

import pytest

from score_model.arena.sites import Item
from score_model.arena.sites.autocinema import AUTOCINEMA
from tests.arena.sites.autocinema.drivers import NOW, Visitor

NEW_FILM = [
    ("name", "The Ninth Usher"), ("director", "Ada Brandt"), ("cast", "Eli Moss"), ("year", "2001"),
    ("duration", "99"), ("rating", "4.5"), ("genres", "6"), ("genres", "11"), ("desc", "One seat too many."),
    ("trailer_url", "https://trailers.example/usher"),
]  # fmt: skip


def film_payload(film: Item) -> dict[str, Any]:
    """A film of the catalog as events carry it."""
    return film.payload(AUTOCINEMA)


async def test_looking_around_says_nothing(visitor: Visitor) -> None:
    """The front page, every form and an empty search emit no event."""
    film = visitor.films[0]
    paths = ("/", "/add/", f"/update/{film.id}/", f"/delete/{film.id}/", "/contact/", "/login/", "/register/")
    for path in (*paths, f"/covers/{film.id}.svg", "/static/site.css"):
        assert (await visitor.get(path)).status == 200, path
    assert (await visitor.get("/", search="  ")).status == 200
    assert (await visitor.get("/", genre="", year="")).status == 200
    assert await visitor.events() == []


async def test_search(visitor: Visitor) -> None:
    """A search shows the films whose title contains the words, in the layout's order."""
    word = visitor.films[3].fields["name"].split()[-1]
    answer = await visitor.get("/", search=word.upper())
    titles = [element.text for element in answer.markup.all("h3")]
    assert titles == [film.fields["name"] for film in visitor.films if word.lower() in film.fields["name"].lower()]
    assert await visitor.only_event() == ("SEARCH_FILM", {"query": word.upper()})


async def test_a_search_that_finds_nothing(visitor: Visitor) -> None:
    """An empty result says so, and was a search all the same."""
    answer = await visitor.get("/", search="no such film")
    assert answer.status == 200
    assert "No film matches" in answer.text
    assert answer.markup.all("h3") == []
    assert await visitor.event_names() == ["SEARCH_FILM"]


async def test_filter(visitor: Visitor) -> None:
    """A filter by genre and year shows what has both, keeps the choice, and tells both."""
    film = visitor.films[5]
    genre, year = film.fields["genres"][0], film.fields["year"]
    number = AUTOCINEMA.genre_id(genre)
    answer = await visitor.get("/", genre=str(number), year=str(year))
    assert [element.text for element in answer.markup.all("h3")] == [
        other.fields["name"]
        for other in visitor.films
        if genre in other.fields["genres"] and other.fields["year"] == year
    ]
    chosen = {option.text for option in answer.markup.all("option") if "selected" in option.attributes}
    assert chosen == {genre, str(year)}
    data = {
        "genre": {"id": number, "name": genre},
        "year": year,
        "filters_applied": {"genre": True, "year": True},
    }
    assert await visitor.only_event() == ("FILTER_FILM", data)


async def test_detail(visitor: Visitor) -> None:
    """A film's page shows its fields, and opening it is told once."""
    film = visitor.films[2]
    answer = await visitor.get(f"/movie/{film.id}/")
    (heading,) = answer.markup.all("h1")
    assert heading.text == film.fields["name"]
    page = " ".join(element.text for element in answer.markup.all("main"))
    for name in ("director", "cast", "desc", "trailer_url", "year", "duration", "rating"):
        assert str(film.fields[name]) in page, name
    assert await visitor.only_event() == ("FILM_DETAIL", film_payload(film))


async def test_add(visitor: Visitor) -> None:
    """A new film gets a page of its own, and comes first on the front page."""
    answer = await visitor.post("/add/", NEW_FILM)
    assert answer.status == 200
    assert answer.url.path == "/movie/1001/"
    assert answer.notice == "The film is on the programme."
    (added, data), (opened, _) = await visitor.events()
    assert (added, opened) == ("ADD_FILM", "FILM_DETAIL")
    assert data == {
        "id": 1001, "name": "The Ninth Usher", "director": "Ada Brandt", "cast": "Eli Moss", "year": 2001,
        "duration": 99, "rating": 4.5, "genres": [{"id": 6, "name": "Drama"}, {"id": 11, "name": "Mystery"}],
        "desc": "One seat too many.", "trailer_url": "https://trailers.example/usher", "img": "/covers/1001.svg",
        "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip
    home = await visitor.get("/")
    assert home.markup.all("h3")[0].text == "The Ninth Usher"
    assert (await visitor.get("/covers/1001.svg")).status == 200


async def test_edit(visitor: Visitor) -> None:
    """An edited film's event names what changed and what was there before; its form shows the present values."""
    film = visitor.films[0]
    form = await visitor.get(f"/update/{film.id}/")
    shown = {
        element.attributes["name"]: element.attributes["value"]
        for element in form.markup.all("input")
        if "name" in element.attributes
    }
    assert shown["name"] == film.fields["name"]
    assert float(shown["rating"]) == film.fields["rating"]
    genres = [str(AUTOCINEMA.genre_id(name)) for name in film.fields["genres"]]
    fields = [(name, str(value)) for name, value in shown.items() if name not in ("director", "rating")]
    fields += [("director", "Somebody Else"), ("rating", "1.5"), ("desc", film.fields["desc"])]
    answer = await visitor.post(f"/update/{film.id}/", [*fields, *(("genres", genre) for genre in genres)])
    assert answer.url.path == f"/movie/{film.id}/"
    assert answer.notice == "Your changes are saved."
    (edited, data), (opened, seen) = await visitor.events()
    assert (edited, opened) == ("EDIT_FILM", "FILM_DETAIL")
    assert data["changed_fields"] == ["director", "rating"]
    assert data["previous_values"] == film.fields
    assert (seen["director"], seen["rating"], seen["name"]) == ("Somebody Else", 1.5, film.fields["name"])


async def test_delete(visitor: Visitor) -> None:
    """A film is gone after the confirmation, not before."""
    film = visitor.films[1]
    question = await visitor.get(f"/delete/{film.id}/")
    assert film.fields["name"] in question.text
    assert await visitor.events() == []
    answer = await visitor.post(f"/delete/{film.id}/")
    assert answer.url.path == "/"
    assert answer.notice == "The film is off the programme."
    assert f"/movie/{film.id}/" not in answer.text
    assert await visitor.only_event() == ("DELETE_FILM", film_payload(film))
    for method, path in (
        ("GET", f"/movie/{film.id}/"),
        ("POST", f"/delete/{film.id}/"),
        ("GET", f"/update/{film.id}/"),
    ):
        assert (await visitor.send(method, path)).status == 404
    assert len(await visitor.events()) == 1


async def test_comment(visitor: Visitor) -> None:
    """A comment is shown under its film, and its event nests the film."""
    film = visitor.films[4]
    answer = await visitor.post(f"/movie/{film.id}/", {"name": "Ida", "content": "Twice.\r\nAnd again."})
    assert answer.notice == "Thank you, your comment is up."
    assert "Twice.\nAnd again." in answer.text
    (commented, data), (opened, _) = await visitor.events()
    assert (commented, opened) == ("ADD_COMMENT", "FILM_DETAIL")
    about = {"id": film.id, **{name: film.fields[name] for name in ("name", "year", "director")}}
    assert data == {
        "name": "Ida", "content": "Twice.\nAnd again.", "comment_id": 1, "created_at": NOW, "movie": about,
    }  # fmt: skip


async def test_contact(visitor: Visitor) -> None:
    """A message is told with all its parts."""
    message = {"name": "Ida", "email": "ida@mail.example", "subject": "Popcorn", "message": "More of it."}
    answer = await visitor.post("/contact/", message)
    assert answer.url.path == "/contact/"
    assert answer.notice == "Thank you for your message. We will write back soon."
    assert await visitor.only_event() == ("CONTACT", {"id": 1, **message, "created_at": NOW})


async def test_registration_login_profile_logout(visitor: Visitor) -> None:
    """A new member registers, signs in, says who they are, and leaves."""
    password = {"password": "opening night", "password2": "opening night"}
    registered = await visitor.post("/register/", {"username": "ida", "email": "ida@mail.example"} | password)
    assert registered.url.path == "/"
    assert visitor.layout.element_id("nav.login") in registered.text
    answer = await visitor.post("/login/", {"username": "ida", "password": "opening night"})
    assert answer.url.path == "/"
    assert "Signed in as" in answer.text
    profile = {
        "first_name": "Ida", "last_name": "Holm", "bio": "Front row.", "location": "Aarhus",
        "website": "https://ida.example", "favorite_genre": "13",
    }  # fmt: skip
    saved = await visitor.post("/profile/", profile)
    assert saved.url.path == "/profile/"
    assert saved.notice == "Your profile is saved."
    assert saved.markup.by_id(visitor.layout.element_id("profile.bio")).text == "Front row."
    gone = await visitor.get("/logout/")
    assert (gone.url.path, gone.notice) == ("/", "You are signed out. See you soon.")
    assert "Signed in as" not in gone.text
    texts = {name: profile[name] for name in ("first_name", "last_name", "bio", "location", "website")}
    member = {"user_id": 257, "username": "ida", "email": "ida@mail.example"}
    before: dict[str, Any] = dict.fromkeys(texts, "") | {"favorite_genres": []}
    assert await visitor.events() == [
        ("REGISTRATION", {"username": "ida", "email": "ida@mail.example"}),
        ("LOGIN", {"username": "ida"}),
        ("EDIT_USER", member | texts | {"favorite_genres": [{"id": 13, "name": "Sci-Fi"}], "previous_values": before}),
        ("LOGOUT", {"username": "ida"}),
    ]


async def test_members_only(visitor: Visitor) -> None:
    """Profile and logout send whoever is not signed in to the login page, and nothing is told."""
    for method, path in (("GET", "/profile/"), ("POST", "/profile/"), ("GET", "/logout/"), ("POST", "/logout/")):
        answer = await visitor.send(method, path)
        assert (answer.status, answer.url.path, answer.notice) == (200, "/login/", "Please sign in first.")
    assert await visitor.events() == []


REFUSED = [
    ("/add/", dict(NEW_FILM) | {"year": "soon"}, 422, "item.year"),
    ("/add/", dict(NEW_FILM) | {"name": " "}, 422, "item.name"),
    ("/add/", dict(NEW_FILM) | {"rating": "5.1"}, 422, "item.rating"),
    ("/add/", dict(NEW_FILM) | {"genres": "99"}, 422, "item.genres"),
    ("/add/", dict(NEW_FILM) | {"trailer_url": "javascript:alert(1)"}, 422, "item.trailer_url"),
    ("/update/{id}/", dict(NEW_FILM) | {"duration": "-3"}, 422, "item.duration"),
    ("/movie/{id}/", {"name": "Ida", "content": ""}, 422, "comment.content"),
    ("/contact/", {"name": "Ida", "email": "nowhere", "subject": "a", "message": "b"}, 422, "contact.email"),
    ("/register/", {"username": "user3", "email": "a@b", "password": "x", "password2": "x"}, 422, "register.username"),
    ("/register/", {"username": "n", "email": "a@b", "password": "x", "password2": "y"}, 422, "register.password2"),
    ("/login/", {"username": "user3", "password": "wrong"}, 401, None),
]


@pytest.mark.parametrize(("path", "fields", "status", "logical"), REFUSED)
async def test_refused_forms(
    visitor: Visitor, path: str, fields: dict[str, str], status: int, logical: str | None
) -> None:
    """A refused form says what is wrong beside its field, keeps what was typed but passwords, and tells nothing.

    The first field that was not in order gets the focus (without one the summary), and the title begins with it.
    """
    answer = await visitor.post(path.format(id=visitor.films[0].id), fields)
    assert answer.status == status
    markup = answer.markup
    assert any(element.attributes.get("role") == "alert" for element in markup.elements)
    assert markup.all("title")[0].text.startswith("Problem: ")
    (focused,) = [element for element in markup.elements if "autofocus" in element.attributes]
    assert focused.attributes.get("role", "field") == ("field" if logical else "alert")
    if logical:
        assert focused.attributes["id"] == visitor.layout.element_id(logical)
        wrong = markup.by_id(visitor.layout.element_id(logical))
        assert wrong.attributes["aria-invalid"] == "true"
        assert markup.by_id(wrong.attributes["aria-describedby"]).text
    for element in markup.all("input"):
        name, kind = element.attributes.get("name", ""), element.attributes.get("type")
        if name in fields:
            assert element.attributes.get("value", "") == ("" if kind == "password" else fields[name].strip())
    assert await visitor.events() == []


async def test_a_notice_is_for_one_page(visitor: Visitor) -> None:
    """The page after the one with the notice has none, not even the same again; no address or link has a word of it."""
    answer = await visitor.post("/delete/" + str(visitor.films[0].id))
    assert answer.notice
    assert answer.url.query_string == "seed=1"
    assert (await visitor.get("/")).notice is None
    links = [link.attributes["href"] for link in answer.markup.all("a")]
    assert links
    assert not any("notice" in link for link in links)
    for unknown in ("<b>hello</b>", "login", "__class__"):
        assert (await visitor.get("/", notice=unknown)).notice is None
        assert (await visitor.send("GET", "/", headers={"Cookie": f"autocinema_notice={unknown}x"})).notice is None


async def test_a_notice_waits_in_a_cookie(visitor: Visitor) -> None:
    """The cookie has a word of the site's own, no text of the visitor's, and scripts can't read it."""
    password = {"password": "secret", "password2": "secret"}
    form = {"username": "ida", "email": "ida@mail.example"} | password
    answer = await visitor.post("/register/", form, follow=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/?seed=1")
    cookie = answer.cookies["autocinema_notice"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"], cookie["path"]) == ("registered", True, "lax", "/")
    told = await visitor.get("/contact/")
    assert told.notice == "Your account is ready. You can sign in now."
    assert told.cookies["autocinema_notice"]["max-age"] == "0"


async def test_what_was_asked_is_the_heading(visitor: Visitor) -> None:
    """A search's page is headed and titled by the query, a filter's by what it filters; found or not, long or not."""
    film = visitor.films[5]
    genre, year = film.fields["genres"][0], str(film.fields["year"])
    asked: list[tuple[dict[str, str], str]] = [
        ({"search": str(film.fields["name"])}, str(film.fields["name"])),
        ({"search": "no such <film>"}, "no such <film>"),
        ({"search": "x" * 3000}, "x" * 59 + "…"),
        ({"genre": str(AUTOCINEMA.genre_id(genre)), "year": year}, f"{genre}, {year}"),
        ({"year": year}, year),
    ]
    for query, words in asked:
        markup = (await visitor.get("/", follow=True, **query)).markup
        (heading,) = markup.all("h1")
        assert words in heading.text
        assert markup.all("title")[0].text == f"{heading.text} · Autocinema"


async def test_numbers_in_forms_are_exact(visitor: Visitor) -> None:
    """A film's form shows its rating with all digits, so that saving it unchanged changes no field."""
    for rating in ("4.12345678", "0.0000001", "5", "3.0"):
        fields = [(name, value) for name, value in NEW_FILM if name != "rating"]
        added = await visitor.post("/add/", [*fields, ("rating", rating)])
        number = added.url.path.split("/")[2]
        shown = (await visitor.get(f"/update/{number}/")).markup.by_id(visitor.layout.element_id("item.rating"))
        assert shown.attributes["value"] == rating.removesuffix(".0")
        await visitor.post(f"/update/{number}/", [*fields, ("rating", shown.attributes["value"])])
        (data,) = [data for name, data in (await visitor.events())[-2:] if name == "EDIT_FILM"]
        assert data["changed_fields"] == []
