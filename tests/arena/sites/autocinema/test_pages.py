"""What each page promises to agents and to people: ids, labels, links with the seed, and accessible HTML."""

from itertools import pairwise

import pytest

from score_model.arena.sites.autocinema import AUTOCINEMA
from score_model.arena.sites.autocinema._look import PALETTES, look_of
from tests.arena.sites.autocinema.drivers import Answer, Cinema, Visitor
from tests.arena.sites.autocinema.markup import Element, Markup

SEEDS = (1, 2, 4, 8, 33, 300)
EVERYWHERE = {"nav.home", "nav.add", "nav.contact"}
ITEM = {f"item.{field.name}" for field in AUTOCINEMA.fields} | {"item.submit"}
SIGNED_OUT = {
    "/": {"search.query", "search.submit", "filter.genre", "filter.year", "filter.submit"},
    "/movie/{id}/": {"comment.name", "comment.content", "comment.submit"},
    "/add/": ITEM,
    "/update/{id}/": ITEM,
    "/delete/{id}/": {"delete.confirm"},
    "/contact/": {"contact.name", "contact.email", "contact.subject", "contact.message", "contact.submit"},
    "/login/": {"login.username", "login.password", "login.submit"},
    "/register/": {
        "register.username", "register.email", "register.password", "register.password2", "register.submit",
    },
}  # fmt: skip
PROFILE = {
    f"profile.{part}" for part in ("first_name", "last_name", "bio", "location", "website", "favorite_genre", "submit")
}


def check_accessible(markup: Markup) -> None:
    """What every page has: one heading, landmarks, unique ids, a label for each field, an alt text for each image."""
    (root,) = markup.all("html")
    assert root.attributes["lang"] == "en"
    for landmark in ("h1", "main", "header", "footer", "nav", "title"):
        found = markup.all(landmark)
        assert len([element for element in found if element.tag != "title" or "svg" not in element.inside]) == 1
        assert found[0].text
    ids = [element.attributes["id"] for element in markup.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    labelled = {label.attributes["for"] for label in markup.all("label") if label.text}
    for element in markup.elements:
        if element.tag in ("input", "select", "textarea") and element.attributes.get("type") != "hidden":
            assert element.attributes["id"] in labelled
        if element.tag == "img":
            assert "alt" in element.attributes
        if element.tag in ("a", "button"):
            assert element.text or element.attributes.get("aria-label")
        for name in ("aria-describedby", "aria-labelledby", "for"):
            assert element.attributes.get(name, ids[0]) in ids
        assert "style" not in element.attributes, "the content security policy forbids it"
        assert not any(name.startswith("on") for name in element.attributes)
    assert not markup.all("script")
    assert not markup.all("style")
    headings = [int(element.tag[1]) for element in markup.elements if element.tag in ("h1", "h2", "h3")]
    assert headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))
    first = next(element for element in markup.elements if element.tag == "a")
    assert markup.by_id(first.attributes["href"].removeprefix("#")).tag == "main"


def check_links(answer: Answer, seed: int) -> None:
    """Every link and form within the site carries the seed."""
    markup = answer.markup
    targets = [link.attributes["href"] for link in markup.all("a")]
    targets += [form.attributes["action"] for form in markup.all("form") if form.attributes["method"] == "post"]
    for target in targets:
        assert target.startswith(("#", "https://trailers.example/")) or f"seed={seed}" in target, target
    for form in markup.all("form"):
        if form.attributes["method"] == "get":
            hidden = [one for one in markup.all("input") if one.attributes.get("type") == "hidden"]
            assert {one.attributes["value"] for one in hidden} == {str(seed)}


def shown_words(markup: Markup, element: Element) -> str:
    """What tells people what an element is: a button's or link's text, a field's placeholder or label."""
    if element.tag in ("a", "button"):
        return element.text
    (label,) = (one for one in markup.all("label") if one.attributes["for"] == element.attributes["id"])
    if element.tag == "select":
        return label.text
    assert element.attributes["placeholder"] == label.text
    return label.text


def check_elements(visitor: Visitor, answer: Answer, names: set[str]) -> None:
    """The logical elements are there with the layout's ids, words and field names."""
    markup = answer.markup
    for name in sorted(names):
        element = markup.by_id(visitor.layout.element_id(name))
        assert shown_words(markup, element) == visitor.layout.label(name), name
        if element.tag in ("input", "textarea", "select") and name != "search.query":
            assert element.attributes["name"] == name.partition(".")[2]


@pytest.mark.parametrize("seed", SEEDS)
async def test_pages_of_a_seed(cinema: Cinema, seed: int) -> None:
    """At any seed each page is accessible, its links keep the seed, and agents find every element by its id."""
    visitor = await cinema.visitor(seed=seed)
    film = visitor.films[0]
    for path, names in SIGNED_OUT.items():
        answer = await visitor.get(path.format(id=film.id))
        assert answer.status == 200, path
        check_accessible(answer.markup)
        check_links(answer, seed)
        check_elements(visitor, answer, names | EVERYWHERE | {"nav.login", "nav.register"})
    missing = await visitor.get("/nowhere/")
    assert missing.status == 404
    check_accessible(missing.markup)
    check_links(missing, seed)
    await visitor.sign_in()
    for path, names in (("/", set[str]()), ("/profile/", PROFILE)):
        answer = await visitor.get(path)
        check_accessible(answer.markup)
        check_elements(visitor, answer, names | EVERYWHERE | {"nav.profile", "nav.logout"})
        ids = {element.attributes.get("id") for element in answer.markup.elements}
        assert not ids & {visitor.layout.element_id(name) for name in ("nav.login", "nav.register")}


@pytest.mark.parametrize("seed", SEEDS[:3])
async def test_a_list_of_films(cinema: Cinema, seed: int) -> None:
    """The front page lists the seed's films in its order, each with a link of its own to its page."""
    visitor = await cinema.visitor(seed=seed)
    markup = (await visitor.get("/")).markup
    assert [element.text for element in markup.all("h3")] == [film.fields["name"] for film in visitor.films]
    for film in visitor.films:
        link = markup.by_id(visitor.layout.element_id("item.open", film.id))
        assert link.attributes["href"] == f"/movie/{film.id}/?seed={seed}"
        assert link.text == visitor.layout.label("item.open")
    film = visitor.films[-1]
    markup = (await visitor.get(f"/movie/{film.id}/")).markup
    for name, path in (("item.edit", "update"), ("item.delete", "delete")):
        link = markup.by_id(visitor.layout.element_id(name, film.id))
        assert link.attributes["href"] == f"/{path}/{film.id}/?seed={seed}"


async def test_the_filters_offer_what_is_there(visitor: Visitor) -> None:
    """All genres by number, and the years of the films on show, latest first; each choice begins with `All`."""
    markup = (await visitor.get("/")).markup
    options = [(option.attributes["value"], option.text) for option in markup.all("option")]
    genres = [(str(number), name) for number, name in enumerate(AUTOCINEMA.genres, 1)]
    years = sorted({film.fields["year"] for film in visitor.films}, reverse=True)
    assert options == [("", "All"), *genres, ("", "All"), *((str(year), str(year)) for year in years)]


async def test_seeds_look_different(cinema: Cinema) -> None:
    """A seed's page never changes, and the seeds between them use every palette and placement."""
    visitor = await cinema.visitor(seed=3)
    once, again = [(await visitor.get("/")).text for _ in range(2)]
    assert once == again
    layouts = [(await cinema.visitor(seed=seed)).layout for seed in range(1, 61)]
    looks = [look_of(layout) for layout in layouts]
    assert {look.palette for look in looks} == set(PALETTES)
    assert {look.header for look in looks} == {"top", "side", "centred"}
    assert {look.cards for look in looks} == {"posters", "rows", "table"}
    assert {look.filters for look in looks} == {"before", "after", "side"}
    assert {look.forms for look in looks} == {"stacked", "columns"}
    assert len({look.classes for look in looks}) > 40
    assert len({look.words("home") for look in looks}) == 5


async def test_a_seed_stays(cinema: Cinema) -> None:
    """The seed of the last page holds until another is asked for; what is no seed is ignored."""
    visitor = await cinema.visitor(seed=9)
    first = await visitor.send("GET", "/")
    assert "Programme no. 1<" in first.text
    assert first.cookies["autocinema_seed"]["httponly"]
    assert first.cookies["autocinema_seed"]["samesite"] == "lax"
    assert "Programme no. 9<" in (await visitor.get("/")).text
    for query in ("", "?seed=0", "?seed=301", "?seed=-4", "?seed=9.5", "?seed=", "?seed=%F0%9F%92%A9"):
        assert "Programme no. 9<" in (await visitor.send("GET", f"/{query}")).text, query
    assert "Programme no. 2<" in (await visitor.send("GET", "/?seed=2")).text


async def test_slashes_are_optional(visitor: Visitor) -> None:
    """A path means the same without its last slash."""
    film = visitor.films[0]
    for path in ("/login", "/contact", f"/movie/{film.id}", f"/update/{film.id}", "/add"):
        assert (await visitor.get(path, follow=False)).status == 200
