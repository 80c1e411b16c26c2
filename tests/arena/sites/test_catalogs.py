"""The invented films and books that the demo websites show."""

import json
from collections import Counter
from importlib.resources import files
from typing import Any, NamedTuple

import pytest

Item = dict[str, Any]


class Shape(NamedTuple):
    """What a catalog's items hold: their keys in order, who made them, and the bounds of their numbers."""

    keys: tuple[str, ...]
    maker: str
    bounds: dict[str, tuple[float, float]]
    trailers: str


SHAPES = {
    "autocinema": Shape(
        ("id", "name", "desc", "year", "director", "cast", "duration", "rating", "genres", "trailer_url"),
        "director",
        {"year": (1938, 2024), "duration": (71, 201), "rating": (1.9, 5.0)},
        "https://trailers.example/",
    ),
    "autobooks": Shape(
        ("id", "name", "desc", "year", "author", "page_count", "rating", "price", "genres", "trailer_url"),
        "author",
        {"year": (1897, 2024), "page_count": (88, 941), "rating": (1.9, 5.0), "price": (4.99, 39.99)},
        "https://books.example/",
    ),
}
WHOLE = {"id", "year", "duration", "page_count"}
EACH_SITE = pytest.mark.parametrize("site", sorted(SHAPES))


def catalog(site: str) -> list[Item]:
    """A site's items, read as the package ships them."""
    path = files("score_model").joinpath("arena", "sites", site, "catalog.json")
    items: list[Item] = json.loads(path.read_text(encoding="utf-8"))
    return items


@EACH_SITE
def test_items_are_told_apart(site: str) -> None:
    """Ids run from 1 to 52, and no two items share a name, a description or a trailer."""
    items = catalog(site)
    assert [item["id"] for item in items] == list(range(1, 53))
    for key in ("name", "desc", "trailer_url"):
        assert len({item[key].casefold() for item in items}) == len(items), key


@EACH_SITE
def test_every_field_is_filled_in(site: str) -> None:
    """Each item has the same keys in the same order, its texts are trimmed, and its numbers are within bounds."""
    shape = SHAPES[site]
    for item in catalog(site):
        assert tuple(item) == shape.keys, item["id"]
        assert all(text and text == text.strip() for text in item.values() if isinstance(text, str)), item["name"]
        assert 60 <= len(item["desc"]) <= 180, item["name"]
        assert item["trailer_url"].startswith(shape.trailers)
        assert item["trailer_url"].isascii()
        for key, (least, most) in shape.bounds.items():
            assert type(item[key]) is (int if key in WHOLE else float), (item["name"], key)
            assert least <= item[key] <= most, (item["name"], key)
        assert item["rating"] == round(item["rating"], 1), item["name"]


def test_casts_and_prices() -> None:
    """A film names three different actors; a book's price ends as prices in shops do."""
    for film in catalog("autocinema"):
        assert len(set(film["cast"].split(", "))) == film["cast"].count(",") + 1 == 3, film["name"]
    for book in catalog("autobooks"):
        assert round(book["price"] * 100) % 100 in {49, 50, 99}, book["name"]


@EACH_SITE
def test_filters_have_something_to_choose_from(site: str) -> None:
    """An item has one to three genres, and each genre, the years before 1990 and some years are shared by several."""
    items = catalog(site)
    assert all(1 <= len(set(item["genres"])) == len(item["genres"]) <= 3 for item in items)
    genres = Counter(genre for item in items for genre in item["genres"])
    assert len(genres) >= 14
    assert min(genres.values()) >= 3, genres
    assert sum(item["year"] < 1990 for item in items) >= 15
    assert sum(count > 1 for count in Counter(item["year"] for item in items).values()) >= 4


@EACH_SITE
def test_makers_recur(site: str) -> None:
    """At least four directors, or authors, have made more than one item, so that a maker alone doesn't name one."""
    made = Counter(item[SHAPES[site].maker] for item in catalog(site))
    assert sum(count > 1 for count in made.values()) >= 4


@EACH_SITE
def test_titles_try_a_search(site: str) -> None:
    """Some title is contained in another, and titles hold apostrophes, punctuation, digits and letters beyond ASCII."""
    names = [item["name"] for item in catalog(site)]
    assert any(one != other and one in other for one in names for other in names)
    for mark in "':&?,":
        assert any(mark in name for name in names), mark
    assert any(any(letter.isdigit() for letter in name) for name in names)
    assert any(not name.isascii() for name in names)
