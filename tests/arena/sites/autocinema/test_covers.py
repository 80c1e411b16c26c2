"""The posters: drawn from the film alone, well-formed whatever its title, and different from each other."""

from xml.etree import ElementTree as ET

import pytest

from score_model.arena.sites import Item
from score_model.arena.sites.autocinema import AUTOCINEMA
from score_model.arena.sites.autocinema._covers import INKS, MOTIFS, cover_svg, initials
from score_model.arena.sites.request import _all_items

SVG = "{http://www.w3.org/2000/svg}"


def film(name: str, genres: tuple[str, ...] = ("Drama",)) -> Item:
    """A film of which only title and genres matter."""
    return Item(id=7, fields={"name": name, "director": name, "genres": list(genres)})


def test_each_genre_has_its_art() -> None:
    """There is a motif and some inks for each genre of the site."""
    assert set(MOTIFS) == set(INKS) == set(AUTOCINEMA.genres)


def test_posters_of_the_catalog() -> None:
    """Each poster is small, well-formed, names its film, loads nothing, and looks like no other; always the same."""
    films = _all_items("autocinema")
    posters = [cover_svg(one) for one in films]
    assert posters == [cover_svg(one) for one in films]
    assert len(set(posters)) == len(films)
    for one, poster in zip(films, posters, strict=True):
        root = ET.fromstring(poster)
        assert root.findtext(f"{SVG}title") == one.fields["name"]
        assert len(poster) < 40_000
        assert "href" not in poster
        assert not root.findall(f".//{SVG}script")
        title = "".join(element.text or "" for element in root.iter(f"{SVG}text")).replace(" ", "").casefold()
        assert one.fields["name"].replace(" ", "").casefold() in title


@pytest.mark.parametrize(
    "name",
    ["", " ", "<script>&\"'", "\x00\x07\ud800￾", "W" * 120, "a " * 60, "Ж" * 40, "🎬 🎬", "x" * 30 + " y", "]]>", "."],
)
def test_strange_titles(name: str) -> None:
    """Any title makes a well-formed poster whose lines stay within it."""
    poster = cover_svg(film(name))
    root = ET.fromstring(poster.encode())
    lines = list(root.iter(f"{SVG}text"))
    assert len(lines) <= 7
    assert all(0 <= float(element.attrib["y"]) <= 450 for element in lines)


def test_a_film_without_genres_has_a_poster() -> None:
    """Genres are optional in the form, so posters do without."""
    ET.fromstring(cover_svg(film("Untitled", ())))


def test_initials() -> None:
    """At most three first letters, in capitals."""
    assert initials("Été sans horloge") == "ÉSH"
    assert initials("The Quiet Demolition of Hotel Mirabelle") == "TQD"
    assert initials("?!") == ""
