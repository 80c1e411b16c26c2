"""The shop's JSON API: every use case, and what each answers and changes."""

from typing import Any

from yarl import URL

from score_model.arena.sites import Layout, catalog_of
from score_model.arena.sites.autobooks import AUTOBOOKS
from score_model.arena.sites.store import Identity
from tests.arena.sites.autobooks.drivers import Answer, Shop, Visitor

BOOK: dict[str, str | list[str]] = {
    "name": "The Test Pilot's Garden",
    "author": "Ada Example",
    "year": "1999",
    "page_count": "321",
    "rating": "4.5",
    "price": "12.50",
    "genres": ["3", "Travel"],
    "desc": "Planted.",
    "trailer_url": "https://books.example/garden",
}


def event_of(answer: Answer, name: str) -> dict[str, Any]:
    """The data of the one event that an answer carries."""
    assert answer.status == 200, answer.body
    event = answer.json["event"]
    assert event["event_name"] == name
    assert set(event) == {"event_name", "data", "user_id", "timestamp"}
    data: dict[str, Any] = event["data"]
    return data


async def add_book(visitor: Visitor) -> int:
    data = event_of(await visitor.act("add", **BOOK), "ADD_BOOK")
    number: int = data["id"]
    return number


async def test_boot_spells_the_layout_out(shop: Shop) -> None:
    """The boot record has ids, labels, genres and choices of the asked seed, and says that nobody is signed in."""
    layout = Layout("autobooks", 42)
    boot = (await shop.visitor().call("GET", "/api/boot?seed=42")).json
    assert boot["seed"] == 42
    assert boot["member"] is None
    for name in ("nav.home", "login.username", "item.open", "item.price", "cart.add", "checkout.submit"):
        assert boot["elements"][name] == {"id": layout.element_id(name), "label": layout.label(name)}
    assert [genre["name"] for genre in boot["genres"]] == list(AUTOBOOKS.genres)
    assert [field["name"] for field in boot["fields"]] == list(AUTOBOOKS.field_names)


async def test_the_seed_is_remembered(shop: Shop) -> None:
    """A page's `?seed=N` stays in a cookie; a later query beats it, and an unknown value is ignored."""
    visitor = shop.visitor()
    shell = await visitor.call("GET", "/?seed=23")
    assert "autobooks_seed=23" in shell.headers["Set-Cookie"]
    assert "HttpOnly" in shell.headers["Set-Cookie"]
    assert (await visitor.call("GET", "/api/boot")).json["seed"] == 23
    assert (await visitor.call("GET", "/api/boot?seed=5")).json["seed"] == 5
    for unknown in ("0", "301", "x", "1e2", "%FF", "-1", ""):
        assert (await visitor.call("GET", f"/api/boot?seed={unknown}")).json["seed"] == 23, unknown


async def test_search_filter_and_detail(shop: Shop) -> None:
    """Reading a search, a filter or a book answers what is found and its event; the bare catalogue has none."""
    visitor = shop.visitor()
    catalog = catalog_of(Layout("autobooks", visitor.seed))
    home = await visitor.page("home")
    assert home.json["event"] is None
    assert [item["id"] for item in home.json["page"]["items"]] == [item.id for item in catalog]
    assert home.json["page"]["years"] == sorted({item.fields["year"] for item in catalog}, reverse=True)

    found = await visitor.page("home", "&search=%20ORCHARD%20")
    assert event_of(found, "SEARCH_BOOK") == {"query": "ORCHARD"}
    assert all("Orchard" in item["name"] for item in found.json["page"]["items"])
    assert (await visitor.page("home", "&search=%20")).json["event"] is None

    data = event_of(await visitor.page("home", "&genre=3&year=1934"), "FILTER_BOOK")
    assert data["genre"] == {"id": 3, "name": "Classics"}
    assert data["year"] == 1934
    assert data["filters_applied"] == {"genre": True, "year": True}
    assert (await visitor.page("home", "&genre=&year=")).json["event"] is None

    book = catalog[3]
    data = event_of(await visitor.page(f"item/{book.id}"), "BOOK_DETAIL")
    assert data == book.payload(AUTOBOOKS)


async def test_membership(shop: Shop) -> None:
    """Registering makes a member who can sign in, edit the profile and sign out; each is an event."""
    visitor = shop.visitor()
    secret = {"password": "s3cret", "password2": "s3cret"}
    data = event_of(
        await visitor.act("register", username="ada", email="ada@mail.example", **secret), "REGISTRATION_BOOK"
    )
    assert data == {"username": "ada", "email": "ada@mail.example"}
    signed_in = await visitor.act("login", username="ada", password="s3cret")
    assert event_of(signed_in, "LOGIN_BOOK") == {"username": "ada"}
    assert signed_in.json["member"] == {"username": "ada", "cart": 0}
    cookie = signed_in.headers["Set-Cookie"]
    assert cookie.startswith("autobooks_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie

    profile = (await visitor.page("profile")).json["page"]["user"]
    assert "password" not in profile
    data = event_of(await visitor.act("profile", first_name="Ada", favorite_genre="Travel"), "EDIT_USER_BOOK")
    assert data["first_name"] == "Ada"
    assert data["favorite_genres"] == [{"id": 17, "name": "Travel"}]
    assert data["previous_values"]["first_name"] == ""
    profile = (await visitor.page("profile")).json["page"]["user"]
    assert (profile["first_name"], profile["favorite_genre"]) == ("Ada", 17)

    signed_out = await visitor.act("logout")
    assert event_of(signed_out, "LOGOUT_BOOK") == {"username": "ada"}
    assert signed_out.json["member"] is None
    assert (await visitor.act("logout")).status == 401


async def test_books_are_added_edited_and_deleted(shop: Shop) -> None:
    """A member's book has an owner; an edit names what changed; what is deleted is gone."""
    visitor = shop.visitor()
    await visitor.log_in()
    number = await add_book(visitor)
    added = (await visitor.page(f"edit/{number}")).json["page"]["item"]
    assert added["name"] == BOOK["name"]
    assert added["userId"] == 7
    assert [genre["name"] for genre in added["genres"]] == ["Classics", "Travel"]

    data = event_of(await visitor.act(f"edit/{number}", **BOOK | {"year": "2001"}), "EDIT_BOOK")
    assert data["changed_fields"] == ["year"]
    assert (data["previous_values"]["year"], data["year"]) == (1999, 2001)

    assert event_of(await visitor.act(f"delete/{number}"), "DELETE_BOOK")["id"] == number
    for gone in (f"item/{number}", f"edit/{number}", f"delete/{number}"):
        assert (await visitor.page(gone)).status == 404


async def test_comments_and_letters_need_no_login(shop: Shop) -> None:
    """A comment's event nests its book under `book`, and it is listed; a letter's event has all of its fields."""
    visitor = shop.visitor()
    book = catalog_of(Layout("autobooks", visitor.seed))[0]
    data = event_of(await visitor.act(f"comment/{book.id}", name="Ann", content="Fine."), "ADD_COMMENT_BOOK")
    assert data["book"]["name"] == book.fields["name"]
    comments = (await visitor.page(f"item/{book.id}")).json["page"]["comments"]
    assert [(comment["name"], comment["content"]) for comment in comments] == [("Ann", "Fine.")]
    letter = {"name": "Ann", "email": "a@b.example", "subject": "Hi", "message": "Hello"}
    data = event_of(await visitor.act("contact", **letter), "CONTACT_BOOK")
    assert letter.items() <= data.items()


async def test_cart_and_purchase(shop: Shop) -> None:
    """Books go into the cart, are counted, and leave it when they are paid; the card's number is in no event."""
    visitor = shop.visitor()
    await visitor.log_in()
    one, other = (item.id for item in catalog_of(Layout("autobooks", visitor.seed))[:2])
    for count, number in enumerate((one, other, one), start=1):
        answer = await visitor.act(f"cart/{number}")
        assert event_of(answer, "SHOPPING_CART")["id"] == number
        assert answer.json["member"]["cart"] == count
    lines = (await visitor.page("cart")).json["page"]["lines"]
    assert [(line["item"]["id"], line["quantity"]) for line in lines] == [(one, 2), (other, 1)]
    assert (await visitor.page(f"checkout/{one}")).json["page"]["quantity"] == 2

    card = {"name": "A", "card": "4111 1111 1111 1111", "expiry": "12/30", "cvc": "123"}
    wrong = await visitor.act(f"purchase/{one}", **card | {"card": "12"})
    assert (wrong.status, set(wrong.json["problems"])) == (422, {"card"})
    answer = await visitor.act(f"purchase/{one}", **card)
    data = event_of(answer, "PURCHASE_BOOK")
    assert (data["id"], data["quantity"]) == (one, 2)
    assert b"4111" not in answer.body
    assert answer.json["member"]["cart"] == 1
    assert (await visitor.page(f"checkout/{one}")).status == 404


async def test_members_only(shop: Shop) -> None:
    """What needs a login answers 401 without one, with no event, and changes nothing."""
    visitor = shop.visitor()
    book = catalog_of(Layout("autobooks", visitor.seed))[0].id
    before = (await visitor.page("home")).body
    for page in ("add", "profile", "cart", f"edit/{book}", f"delete/{book}", f"checkout/{book}"):
        answer = await visitor.page(page)
        assert (answer.status, answer.json["code"]) == (401, "unauthorized"), page
    for act in ("add", "profile", f"edit/{book}", f"delete/{book}", f"cart/{book}", f"purchase/{book}"):
        answer = await visitor.act(act, **BOOK)
        assert (answer.status, answer.json["code"]) == (401, "unauthorized"), act
        assert "event" not in answer.json
    assert (await visitor.page("home")).body == before


async def test_refused_forms_say_why(shop: Shop) -> None:
    """A refused form names each bad field; a wrong password is a refusal of the whole form."""
    visitor = shop.visitor()
    answer = await visitor.act("login", username="user7", password="wrong")
    assert (answer.status, list(answer.json["problems"])) == (401, [""])
    answer = await visitor.act("register", username="user7", email="none", password="a", password2="a")
    assert (answer.status, set(answer.json["problems"])) == (422, {"username", "email"})
    assert (answer.json["code"], bool(answer.json["detail"])) == ("invalid_form", True)
    await visitor.log_in()
    answer = await visitor.act("add", **BOOK | {"year": "soon", "rating": "6", "genres": ["99"]})
    assert set(answer.json["problems"]) == {"year", "rating", "genres"}


async def test_agents_never_see_each_other(shop: Shop) -> None:
    """State belongs to one identity: what another agent adds, comments or registers is not there."""
    one, other = shop.visitor("one"), shop.visitor("other")
    await one.log_in()
    number = await add_book(one)
    other.session.cookie_jar.update_cookies(one.session.cookie_jar.filter_cookies(URL(shop.url)), URL(shop.url))
    assert (await one.page(f"item/{number}")).status == 200
    assert (await other.page(f"item/{number}")).status == 404
    assert (await other.call("GET", "/api/boot")).json["member"] is None  # not even with the other's cookie


async def test_reset_really_resets(shop: Shop) -> None:
    """After `POST /reset/` an agent's world is as new, and other agents keep theirs."""
    one, other = shop.visitor("one"), shop.visitor("other")
    fresh = (await one.page("home")).body
    for visitor in (one, other):
        await visitor.log_in()
        await add_book(visitor)
    assert (await one.call("POST", "/reset/")).status == 204
    assert (await one.page("home")).body == fresh
    assert (await other.page("home")).body != fresh
    assert await shop.events(Identity("one", "v1")) == []
