"""Moving about: history, deep links, reloads, seeds; and events that are late but neither lost nor doubled."""

import asyncio
from collections import Counter

from playwright.async_api import Route

from tests.arena.sites.autobooks.conftest import OpenReader
from tests.arena.sites.autobooks.drivers import Reader


async def counted(reader: Reader) -> Counter[str]:
    return Counter(event["event_name"] for event in await reader.events())


async def test_back_and_forward(open_reader: OpenReader) -> None:
    """Back and forward show the page of each address without loading the document; a page opened anew is seen anew."""
    reader = await open_reader()
    page, book = reader.page, reader.items[0]
    await reader.open()
    await page.evaluate("window.mark = 1")
    await reader.click("item.open", book.id)
    await page.wait_for_selector(f"h1:text-is({str(book.fields['name'])!r})")
    await page.go_back()
    await page.wait_for_selector(reader.find("search.query"))
    await page.go_forward()
    await page.wait_for_url(f"**/book/{book.id}/*")
    await reader.drawn()
    assert await page.evaluate("window.mark") == 1
    assert str(book.fields["name"]) in await page.title()
    assert await counted(reader) == Counter({"BOOK_DETAIL": 2})


async def test_addresses_open_directly(open_reader: OpenReader) -> None:
    """A search, a filter and a book can be opened by address and reloaded; each opening is one event."""
    reader = await open_reader()
    book = reader.items[0]
    for path in ("/?search=the", "/?genre=3&year=", f"/book/{book.id}", "/contact"):
        await reader.open(path)
        await reader.page.reload()
        await reader.drawn()
    assert await counted(reader) == Counter({"SEARCH_BOOK": 2, "FILTER_BOOK": 2, "BOOK_DETAIL": 2})


async def test_logging_out_by_address(open_reader: OpenReader) -> None:
    """`/logout/` opened directly signs out once and leaves for the home page; going back does not return to it."""
    reader = await open_reader()
    await reader.open()
    await reader.log_in()
    await reader.open("/logout/")
    await reader.page.wait_for_url("**/?seed=17")
    await reader.page.wait_for_selector(reader.find("nav.login"))
    await reader.open("/logout/")
    await reader.page.wait_for_url("**/?seed=17")
    assert await counted(reader) == Counter(("LOGIN_BOOK", "LOGOUT_BOOK"))


async def test_nothing_is_drawn_when_the_document_is_loaded(open_reader: OpenReader) -> None:
    """At DOMContentLoaded there is no content yet, only a skeleton, as on other client-rendered sites."""
    reader = await open_reader()
    await reader.page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { window.early = document.querySelector('main').outerHTML; })"
    )
    await reader.open()
    early = await reader.page.evaluate("window.early")
    assert "skeleton" in early
    assert "<h1" not in early


async def test_events_are_late(open_reader: OpenReader) -> None:
    """The page posts its event only some time after it asked for what it shows."""
    reader = await open_reader()
    await reader.page.add_init_script(
        """const ask = window.fetch;
        window.asked = {};
        window.fetch = (address, options) => {
          window.asked[address.split("?")[0]] = performance.now();
          return ask(address, options);
        };"""
    )
    book = reader.items[0].id
    async with reader.page.expect_request("**/api/log-event"):
        await reader.open(f"/book/{book}/")
    asked = await reader.page.evaluate("asked")
    assert asked["/api/log-event"] - asked[f"/api/pages/item/{book}"] >= 119  # ms


async def test_leaving_at_once_loses_no_event(open_reader: OpenReader) -> None:
    """An event that still waits when its document goes away leaves with it, under the right agent."""
    reader = await open_reader()
    for item in reader.items[:3]:
        await reader.open(f"/book/{item.id}/")  # loads the document anew, within the delay of the last one's event
    await reader.page.goto("about:blank")
    events = await reader.events()
    assert sorted(event["data"]["id"] for event in events) == sorted(item.id for item in reader.items[:3])


async def test_two_clicks_are_one_act(open_reader: OpenReader) -> None:
    """A form that is sent again, or a button clicked again, while its answer is on the way does it once."""
    reader = await open_reader()
    page = reader.page

    answered = asyncio.Event()

    async def held(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await page.route("**/api/acts/c*", held)  # contact and cart
    await reader.open("/contact/")
    await reader.fill("contact", name="A", email="a@mail.example", subject="S", message="M")
    await page.dblclick(reader.find("contact.submit"))
    answered.set()
    await page.wait_for_selector(".notice.shown")
    await reader.log_in()
    book = reader.items[0].id
    await reader.open(f"/book/{book}/")
    answered.clear()
    await page.dblclick(reader.find("cart.add", book))
    answered.set()
    await page.wait_for_selector(".badge:text('1')")
    found = await counted(reader)
    assert (found["CONTACT_BOOK"], found["SHOPPING_CART"]) == (1, 1)


async def test_a_slow_answer_never_replaces_a_newer_page(open_reader: OpenReader) -> None:
    """Who has moved on stays there, even if the page before answers later; it had been opened, and counts."""
    reader = await open_reader()
    book = reader.items[0]

    moved_on = asyncio.Event()

    async def held(route: Route) -> None:
        await moved_on.wait()
        await route.continue_()

    await reader.page.route("**/api/pages/item/**", held)
    await reader.open()
    await reader.click("item.open", book.id)
    await reader.click("nav.contact")
    await reader.page.wait_for_selector(reader.find("contact.name"))
    moved_on.set()
    assert await counted(reader) == Counter(("BOOK_DETAIL",))
    assert await reader.page.locator(reader.find("contact.name")).count() == 1


async def test_the_seed_stays(open_reader: OpenReader) -> None:
    """Links carry the seed; without one in the address the last one holds; history across seeds draws each anew."""
    reader = await open_reader(seed=24)
    page = reader.page
    await reader.open()
    links = await page.eval_on_selector_all("a[href^='/']", "all => all.map((link) => link.href)")
    assert len(links) > 36
    assert all(link.endswith("seed=24") for link in links)
    await reader.open("/contact/", seed=False)
    assert await page.locator(reader.find("contact.name")).count() == 1
    await page.goto(reader.shop.url + "/?seed=3")
    await reader.drawn()
    assert await page.evaluate("document.documentElement.dataset.palette") == "rosewood"
    await page.go_back()
    await page.go_back()
    await page.wait_for_url("**/?seed=24")
    await page.wait_for_selector(reader.find("search.query"))


async def test_two_agents_in_two_browsers(open_reader: OpenReader) -> None:
    """Two browser contexts act at the same time: neither sees the other's cart or events."""
    readers = [await open_reader(agent) for agent in ("one", "two")]
    for reader in readers:
        await reader.open()
        await reader.log_in()
    book = readers[0].items[0].id
    await readers[0].open(f"/book/{book}/")
    await readers[0].click("cart.add", book)
    await readers[0].page.wait_for_selector(".badge:text('1')")
    await readers[1].page.reload()
    await readers[1].drawn()
    assert await readers[1].page.inner_text(".badge") == "0"
    assert await counted(readers[1]) == Counter(("LOGIN_BOOK",))
