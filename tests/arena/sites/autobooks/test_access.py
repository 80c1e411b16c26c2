"""The pages by keyboard and screen reader: ids, labels, headings, focus, titles; on every page, in several seeds."""

from typing import Any

import pytest

from score_model.arena.sites.layout import LABELS
from tests.arena.sites.autobooks.conftest import OpenReader
from tests.arena.sites.autobooks.drivers import Reader

AUDIT = """() => {
  const all = [...document.querySelectorAll("[id]")].map((element) => element.id);
  const fields = [...document.querySelectorAll("input, select, textarea")];
  const label = (field) => document.querySelector(`label[for="${CSS.escape(field.id)}"]`)?.textContent.trim() ?? "";
  const levels = [...document.querySelectorAll("h1, h2, h3")].map((heading) => Number(heading.tagName[1]));
  return {
    doubled: all.filter((id, at) => all.indexOf(id) !== at),
    unlabelled: fields.filter((field) => !label(field)).map((field) => field.id),
    headings: levels.filter((level) => level === 1).length,
    skipped: levels.some((level, at) => at > 0 && level > levels[at - 1] + 1),
    landmarks: ["header", "nav", "main", "footer"].filter((tag) => document.querySelectorAll(tag).length !== 1),
    nameless: [...document.querySelectorAll("a, button")].filter((one) => !one.textContent.trim()).length,
    noAlt: document.querySelectorAll("img:not([alt])").length,
    sideways: document.documentElement.scrollWidth > innerWidth,
    language: document.documentElement.lang,
    title: document.title,
  };
}"""

SHOWN = """(ids) => ids.map((id) => {
  const element = document.getElementById(id);
  return element && {
    visible: element.checkVisibility() && element.getBoundingClientRect().width > 0,
    tag: element.tagName,
    name: element.name,
    text: element.textContent,
    placeholder: element.placeholder,
    caption: document.querySelector(`label[for="${CSS.escape(id)}"]`)?.textContent,
  };
})"""

ITEM = ("name", "author", "year", "page_count", "rating", "price", "genres", "desc", "trailer_url", "submit")
PROFILE = ("first_name", "last_name", "bio", "location", "website", "favorite_genre", "submit")
ON_PAGE = {
    "/": ("search.query", "search.submit", "filter.genre", "filter.year", "filter.submit"),
    "/contact/": ("contact.name", "contact.email", "contact.subject", "contact.message", "contact.submit"),
    "/login/": ("login.username", "login.password", "login.submit"),
    "/register/": tuple(f"register.{part}" for part in ("username", "email", "password", "password2", "submit")),
    "/add/": tuple(f"item.{part}" for part in ITEM),
    "/profile/": tuple(f"profile.{part}" for part in PROFILE),
}


async def audit(reader: Reader) -> None:
    found: dict[str, Any] = await reader.page.evaluate(AUDIT)
    title = found.pop("title")
    assert title.endswith(" · Autobooks")
    assert found == {
        "doubled": [],
        "unlabelled": [],
        "headings": 1,
        "skipped": False,
        "landmarks": [],
        "nameless": 0,
        "noAlt": 0,
        "sideways": False,
        "language": "en",
    }, reader.page.url


async def shows(reader: Reader, *names: str, item: int | None = None) -> None:
    """Each element is there once, is visible, and shows its label where agents look for it."""
    wanted = [(name, reader.layout.element_id(name, item), reader.layout.label(name)) for name in names]
    found = await reader.page.evaluate(SHOWN, [made for _, made, _ in wanted])
    for (name, _, label), element in zip(wanted, found, strict=True):
        assert element is not None, (name, reader.page.url)
        assert element["visible"], name
        if element["tag"] in ("A", "BUTTON"):
            assert label in element["text"], name
            continue
        assert element["caption"].removesuffix(" *") == label, name
        assert element["name"] == name.split(".")[1]
        if element["tag"] != "SELECT":
            assert element["placeholder"] == label, name


@pytest.mark.parametrize(("seed", "width"), [(1, 1280), (2, 390), (26, 800)])
async def test_every_page_keeps_its_promises(open_reader: OpenReader, seed: int, width: int) -> None:
    """On each page ids are unique, fields are labelled, headings are in order, and each promised element is there."""
    reader = await open_reader(seed=seed, viewport={"width": width, "height": 844})
    await reader.open("/register/")
    await audit(reader)
    await shows(reader, *(f"nav.{name}" for name in ("home", "add", "contact", "login", "register")))
    await shows(reader, *ON_PAGE["/register/"])
    await reader.log_in()
    await shows(reader, *(f"nav.{name}" for name in ("home", "add", "contact", "cart", "profile", "logout")))
    for path, names in ON_PAGE.items():
        await reader.open(path)
        await audit(reader)
        await shows(reader, *names)
        if path == "/":
            for item in reader.items:
                await shows(reader, "item.open", item=item.id)
    book = reader.items[2].id
    await reader.open(f"/book/{book}/")
    await audit(reader)
    await shows(reader, "item.edit", "item.delete", "cart.add", item=book)
    await shows(reader, "comment.name", "comment.content", "comment.submit")
    await reader.click("cart.add", book)
    await reader.page.wait_for_selector(".badge:text('1')")
    await reader.click("nav.cart")
    await reader.page.wait_for_selector(reader.find("cart.buy", book))
    await audit(reader)
    await shows(reader, "cart.buy", item=book)
    await reader.click("cart.buy", book)
    await reader.page.wait_for_selector(reader.find("checkout.card"))
    await audit(reader)
    await shows(reader, *(f"checkout.{part}" for part in ("name", "card", "expiry", "cvc", "submit")))
    for path in (f"/update/{book}/", f"/delete/{book}/", "/nothing/", "/book/9999/"):
        await reader.open(path)
        await audit(reader)


async def test_focus_follows_the_reader(open_reader: OpenReader) -> None:
    """A page that is opened takes the focus to its heading; the skip link takes it to the content."""
    reader = await open_reader()
    page = reader.page
    await reader.open()
    await page.keyboard.press("Tab")
    assert await page.inner_text(":focus") == "Skip to content"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.tagName") == "MAIN"
    await reader.click("nav.contact")
    await page.wait_for_selector(reader.find("contact.name"))
    assert await page.evaluate("document.activeElement.tagName") == "H1"
    assert await page.get_attribute(reader.find("nav.contact"), "aria-current") == "page"


async def test_forms_work_by_keyboard(open_reader: OpenReader) -> None:
    """Enter in a field sends its form."""
    reader = await open_reader()
    await reader.open()
    await reader.page.fill(reader.find("search.query"), "orchard")
    await reader.page.press(reader.find("search.query"), "Enter")
    await reader.page.wait_for_url("**/?search=orchard&seed=17")
    await reader.drawn()
    assert await reader.page.input_value(reader.find("search.query")) == "orchard"


def test_the_labels_are_known() -> None:
    """The pages above name elements that the shared list of labels knows."""
    assert {name for names in ON_PAGE.values() for name in names} <= set(LABELS)
