"""The shell, the static files and the covers."""

import xml.etree.ElementTree as ET
from importlib.resources import files

import pytest

from score_model.arena.sites import Item, Layout, catalog_of
from score_model.arena.sites.autobooks import AUTOBOOKS
from score_model.arena.sites.autobooks._covers import cover_svg
from tests.arena.sites.autobooks.drivers import Shop

SVG = "{http://www.w3.org/2000/svg}"


def book(name: str, author: str = "A. Author", number: int = 1, genres: tuple[str, ...] = ()) -> Item:
    return Item(id=number, fields={"name": name, "author": author, "genres": list(genres)})


async def test_one_shell_for_every_page(shop: Shop) -> None:
    """Every page's address, with and without its last slash, answers the same bytes; others do too, with 404."""
    visitor = shop.visitor()
    shell = await visitor.call("GET", "/")
    assert shell.status == 200
    assert b"<noscript>" in shell.body
    for path in AUTOBOOKS.paths.values():
        for spelled in {path.format(id=7), path.format(id=7).rstrip("/") or "/"}:
            answer = await visitor.call("GET", f"{spelled}?seed=3")
            assert (answer.status, answer.body) == (200, shell.body), spelled
    for path in ("/nothing", "/book/", "/book/x/", "/book/7/more", "/login/7"):
        answer = await visitor.call("GET", path)
        assert (answer.status, answer.body) == (404, shell.body), path


async def test_what_the_shell_names_exists(shop: Shop) -> None:
    """Scripts and styles have types and tags; who has them already gets a 304; nothing comes from elsewhere."""
    visitor = shop.visitor()
    shell = (await visitor.call("GET", "/")).body.decode()
    named = [part.split('"')[0] for part in shell.replace('src="', 'href="').split('href="')[1:]]
    for path in named:
        if path.startswith("#"):
            continue
        assert path.startswith("/static/"), path
        answer = await visitor.call("GET", path)
        assert answer.status == 200, path
        again = await visitor.call("GET", path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status, again.body) == (304, b"")
    kind = (await visitor.call("GET", "/static/main.js")).headers["Content-Type"]
    assert kind == "text/javascript; charset=utf-8"


def test_pages_never_make_markup_of_data() -> None:
    """No script writes HTML from text: what visitors wrote stays text."""
    folder = files("score_model.arena.sites.autobooks").joinpath("static")
    scripts = [entry for entry in folder.iterdir() if entry.name.endswith(".js")]
    assert len(scripts) > 8
    for script in scripts:
        text = script.read_text()
        for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
            assert way not in text, script.name


async def test_covers_are_served(shop: Shop) -> None:
    """Each book on show has a cover, and a book that a member adds has one at once."""
    visitor = shop.visitor()
    for item in catalog_of(Layout("autobooks", visitor.seed)):
        answer = await visitor.call("GET", f"/covers/{item.id}.svg?seed={visitor.seed}")
        assert (answer.status, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    await visitor.log_in()
    added = await visitor.act("add", name="New", author="N", year="2000", page_count="1", rating="1")
    number = added.json["event"]["data"]["id"]
    assert b"New" in (await visitor.call("GET", f"/covers/{number}.svg")).body


def test_covers_differ_and_stay() -> None:
    """The same book always has the same cover; no two books of the catalogue look the same."""
    items = [item for seed in range(1, 9) for item in catalog_of(Layout("autobooks", seed))]
    covers = {item.id: cover_svg(item) for item in items}
    assert len(covers) == len(set(covers.values())) == 52
    assert all(cover_svg(item) == covers[item.id] for item in items)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x" * 120,
        "</text><script>alert(1)</script>",
        "\u0000\u0001\u001b",
        "&\"'<>",
        "ﷺ" * 40,
        "W" * 30 + " i",
        "a " * 60,
    ],
)
def test_covers_hold_any_title(name: str) -> None:
    """Whatever a title says, its cover is well-formed, has no script, and keeps its lines inside."""
    root = ET.fromstring(cover_svg(book(name, author=name)))
    assert {element.tag for element in root.iter()} <= {
        SVG + tag for tag in ("svg", "rect", "path", "g", "text", "circle")
    }
    lines = [element for element in root.iter(f"{SVG}text") if element.get("font-weight")]
    assert 1 <= len(lines) <= 5
    assert all(float(line.get("y", "0")) < 200 for line in lines)
