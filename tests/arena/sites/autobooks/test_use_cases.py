"""Every use case in a real browser, by the layout's element ids, and what the central service hears of it."""

from collections import Counter

import pytest

from score_model.arena.sites.autobooks import AUTOBOOKS
from tests.arena.sites.autobooks.conftest import OpenReader
from tests.arena.sites.autobooks.drivers import Reader


async def notice_of(reader: Reader) -> str:
    """What the shop tells its visitor, once it does."""
    await reader.page.wait_for_selector(".notice.shown")
    return await reader.page.inner_text(".notice")


async def names_of(reader: Reader) -> Counter[str]:
    return Counter(event["event_name"] for event in await reader.events())


@pytest.mark.parametrize("seed", [17, 24])
async def test_browsing(open_reader: OpenReader, seed: int) -> None:
    """Search, filter, a book's page, a comment and a letter: each is done by ids and reported exactly once."""
    reader = await open_reader(seed=seed)
    book = reader.items[0]
    await reader.open()
    assert await reader.page.locator("li.card").count() == len(reader.items)

    await reader.submit("search", query=str(book.fields["name"]))
    await reader.page.wait_for_url(f"**/?search=*&seed={seed}")
    await reader.drawn()
    await reader.click("nav.home")
    await reader.page.wait_for_url(f"**/?seed={seed}")
    await reader.drawn()

    genre = book.fields["genres"][0]
    await reader.page.select_option(reader.find("filter.genre"), str(AUTOBOOKS.genre_id(genre)))
    await reader.page.select_option(reader.find("filter.year"), str(book.fields["year"]))
    await reader.click("filter.submit")
    await reader.page.wait_for_url(f"**/?genre=*&year=*&seed={seed}")
    await reader.drawn()
    await reader.click("item.open", book.id)
    await reader.page.wait_for_url(f"**/book/{book.id}/?seed={seed}")
    await reader.drawn()
    assert await reader.page.inner_text("h1") == book.fields["name"]

    await reader.submit("comment", name="Agnes", content="Read on a train. <b>Twice</b>.")
    await reader.page.wait_for_selector(".comment")
    assert await reader.page.inner_text(".comment .said") == "Read on a train. <b>Twice</b>."
    await reader.click("nav.contact")
    await reader.submit("contact", name="Agnes", email="a@mail.example", subject="Hi", message="Hello there")
    assert await notice_of(reader)

    events = {event["event_name"]: event["data"] for event in await reader.events()}
    assert await names_of(reader) == Counter(
        ("SEARCH_BOOK", "FILTER_BOOK", "BOOK_DETAIL", "ADD_COMMENT_BOOK", "CONTACT_BOOK")
    )
    assert events["SEARCH_BOOK"] == {"query": book.fields["name"]}
    assert (events["FILTER_BOOK"]["genre"]["name"], events["FILTER_BOOK"]["year"]) == (genre, book.fields["year"])
    assert events["BOOK_DETAIL"] == book.payload(AUTOBOOKS)
    assert events["ADD_COMMENT_BOOK"]["book"]["name"] == book.fields["name"]
    assert events["CONTACT_BOOK"]["message"] == "Hello there"


async def test_a_members_day(open_reader: OpenReader) -> None:
    """Register, sign in, edit the profile, add, edit and delete a book, buy one, sign out: each exactly once."""
    reader = await open_reader()
    page = reader.page
    await reader.open("/register/")
    await reader.submit("register", username="agnes", email="a@mail.example", password="pw", password2="pw")
    assert await notice_of(reader)
    await reader.click("nav.login")
    await reader.submit("login", username="agnes", password="pw")
    await page.wait_for_selector(reader.find("nav.logout"))
    await reader.drawn()

    await reader.click("nav.profile")
    await page.select_option(reader.find("profile.favorite_genre"), label="Mystery")
    await reader.submit("profile", first_name="Agnes", last_name="Grey", bio="Reads.", location="York")
    assert await notice_of(reader)

    await reader.click("nav.add")
    await page.select_option(reader.find("item.genres"), label=["Travel", "Memoir"])
    values = {"name": "A Walk", "author": "A. Grey", "year": "1990", "page_count": "99", "rating": "3.5", "price": "5"}
    await reader.submit("item", **values, desc="On foot.", trailer_url="https://books.example/walk")
    await page.wait_for_url("**/book/1*/*")
    await reader.drawn()
    number = int(page.url.split("/book/")[1].split("/")[0])
    await reader.click("item.edit", number)
    await page.wait_for_selector(reader.find("item.year"))
    assert await page.input_value(reader.find("item.name")) == "A Walk"
    await reader.submit("item", year="1991")
    await page.wait_for_url(f"**/book/{number}/*")
    await reader.drawn()

    await reader.click("cart.add", number)
    await page.wait_for_selector(".badge:text('1')")
    await reader.click("nav.cart")
    await reader.click("cart.buy", number)
    card = {"name": "Agnes Grey", "card": "4111111111111111", "expiry": "12/30", "cvc": "123"}
    await reader.submit("checkout", **card)
    await page.wait_for_url("**/cart/*")
    assert await notice_of(reader)
    assert await page.inner_text(".badge") == "0"

    await reader.open(f"/delete/{number}/")
    await reader.click("delete.confirm")
    await page.wait_for_url("**/?seed=17")
    await reader.drawn()
    await reader.click("nav.logout")
    await page.wait_for_selector(reader.find("nav.login"))

    events = await reader.events()
    assert Counter(event["event_name"] for event in events) == Counter(
        {
            "REGISTRATION_BOOK": 1,
            "LOGIN_BOOK": 1,
            "EDIT_USER_BOOK": 1,
            "ADD_BOOK": 1,
            "BOOK_DETAIL": 2,  # whoever adds or edits a book lands on its page
            "EDIT_BOOK": 1,
            "SHOPPING_CART": 1,
            "PURCHASE_BOOK": 1,
            "DELETE_BOOK": 1,
            "LOGOUT_BOOK": 1,
        }
    )
    of = {event["event_name"]: event["data"] for event in events}
    assert {genre["name"] for genre in of["ADD_BOOK"]["genres"]} == {"Travel", "Memoir"}
    assert of["EDIT_BOOK"]["changed_fields"] == ["year"]
    assert of["PURCHASE_BOOK"]["quantity"] == 1
    assert of["EDIT_USER_BOOK"]["favorite_genres"][0]["name"] == "Mystery"


async def test_signed_out_visitors_are_sent_to_the_login(open_reader: OpenReader) -> None:
    """Pages and links that need a login lead there, say why, and report nothing.

    They know without asking: no answer is a 401.
    """
    reader = await open_reader()
    book = reader.items[0].id
    for path in ("/add/", "/profile/", "/cart/", f"/update/{book}/", f"/delete/{book}/", f"/checkout/{book}/"):
        await reader.open(path)
        await reader.page.wait_for_url("**/login/?seed=17")
        assert await notice_of(reader)
    await reader.open("/contact/")
    await reader.click("nav.add")
    await reader.page.wait_for_url("**/login/?seed=17")
    await reader.open("/logout/")
    await reader.page.wait_for_url("**/?seed=17")
    assert await reader.page.locator(reader.find("cart.add", book)).count() == 0
    assert await reader.events() == []
    assert reader.refused == []


async def test_a_notice_is_told_once(open_reader: OpenReader) -> None:
    """A notice is gone when its page is loaded again, and no address has a word of it."""
    reader = await open_reader()
    await reader.open("/register/")
    await reader.submit("register", username="agnes", email="a@mail.example", password="pw", password2="pw")
    assert await notice_of(reader)
    assert reader.page.url.endswith("/?seed=17")
    await reader.page.reload()
    await reader.drawn()
    assert await reader.page.inner_text(".notice") == ""


async def test_a_session_that_ended_elsewhere(open_reader: OpenReader) -> None:
    """A page that still believes in its session learns better from the server, and leads to the login."""
    reader = await open_reader()
    await reader.open()
    await reader.log_in()
    await reader.page.context.clear_cookies(name="autobooks_session")
    await reader.click("nav.cart")
    await reader.page.wait_for_url("**/login/?seed=17")
    assert await notice_of(reader)


async def test_numbers_in_forms_are_exact(open_reader: OpenReader) -> None:
    """A book's form shows each number with all its digits, so that saving it unchanged changes no field."""
    reader = await open_reader()
    page = reader.page
    await reader.open()
    await reader.log_in()
    await reader.click("nav.add")
    exact = {"rating": "4.12345678", "price": "0.0000001"}
    await reader.submit("item", name="A Walk", author="A. Grey", year="1990", page_count="1000", **exact)
    await page.wait_for_url("**/book/1*/*")
    await reader.drawn()
    number = int(page.url.split("/book/")[1].split("/")[0])
    await reader.click("item.edit", number)
    await page.wait_for_selector(reader.find("item.price"))
    assert {name: await page.input_value(reader.find(f"item.{name}")) for name in exact} == exact
    assert await page.input_value(reader.find("item.page_count")) == "1000"
    await reader.click("item.submit")
    await page.wait_for_url(f"**/book/{number}/*")
    edited = [event["data"] for event in await reader.events() if event["event_name"] == "EDIT_BOOK"]
    assert [data["changed_fields"] for data in edited] == [[]]


async def test_refused_forms_keep_their_values(open_reader: OpenReader) -> None:
    """A refused form shows each problem at its field, keeps what was typed, and reports nothing.

    The first field that was not in order has the focus, and the page's title says that there is a problem, until there
    is none.
    """
    reader = await open_reader()
    page = reader.page
    await reader.open("/register/")
    plain = await page.title()
    await reader.submit("register", username="user7", email="a@mail.example", password="a", password2="b")
    field = page.locator(reader.find("register.username"))
    await page.wait_for_selector('[aria-invalid="true"]')
    assert await field.get_attribute("aria-invalid") == "true"
    described = await field.get_attribute("aria-describedby")
    assert await page.inner_text(f'[id="{described}"]') == "This name is taken."
    assert await field.input_value() == "user7"
    assert await page.evaluate("document.activeElement.name") == "username"
    assert await page.title() == f"Problem: {plain}"
    await reader.submit("register", username="agnes", password2="a")
    await page.wait_for_selector(".notice.shown")
    await reader.drawn()
    assert not (await page.title()).startswith("Problem")
    await reader.open("/login/")
    await reader.submit("login", username="agnes", password="wrong")
    await page.wait_for_selector('.problem[role="alert"]:not([hidden])')
    assert await page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    assert (await page.title()).startswith("Problem: ")
    assert await names_of(reader) == Counter(("REGISTRATION_BOOK",))
