"""What visitors do, and the backend event that each act causes: the rules that both websites share.

An act changes the state and returns its event, or returns a Refusal that the page shows, and changes nothing.
"""

import re

from score_model.arena.sites.forms import Form, clean, genre_named, item_fields, required_texts, text_of
from score_model.arena.sites.request import LOGIN_FIRST, Refusal, SiteEvent, Visit
from score_model.arena.sites.spec import MOST_TEXT
from score_model.arena.sites.state import FIRST_ADDED_ID, Comment, Item, User

_PROFILE_TEXTS = ("first_name", "last_name", "bio", "location", "website")
_EXPIRY = re.compile("(0[1-9]|1[0-2])/[0-9]{2}")
_CVC = re.compile("[0-9]{3,4}")
_MOST_KEPT = 1000  # things of one kind in one state, so that no visitor can fill the disk

_NOT_FOUND = Refusal({"": "There is no such entry."}, 404)
_FULL = Refusal({"": "That is enough for one visitor."}, 429)


def search(visit: Visit, query: str) -> tuple[list[Item], SiteEvent]:
    """Items whose name contains the query, in any case."""
    wanted = clean(query)[:MOST_TEXT]
    found = [item for item in visit.items() if wanted.lower() in str(item.fields["name"]).lower()]
    return found, visit.event("search", {"query": wanted})


def filter_items(visit: Visit, genre: str, year: str) -> tuple[list[Item], SiteEvent | None]:
    """Items of a genre (number or name) and a year. Empty and unknown values filter nothing; without any, no event."""
    name = genre_named(visit.spec, genre.strip()) if genre.strip() else None
    year = year.strip()
    exact = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None
    found = [
        item
        for item in visit.items()
        if (name is None or name in item.fields["genres"]) and (exact is None or item.fields["year"] == exact)
    ]
    if name is None and exact is None:
        return found, None
    data = {
        "genre": {"id": visit.spec.genre_id(name), "name": name} if name else None,
        "year": exact,
        "filters_applied": {"genre": name is not None, "year": exact is not None},
    }
    return found, visit.event("filter", data)


def view(visit: Visit, item_id: int) -> SiteEvent | Refusal:
    """The item's page was opened."""
    item = visit.item(item_id)
    return _NOT_FOUND if item is None else visit.event("detail", item.payload(visit.spec))


def add_item(visit: Visit, form: Form) -> SiteEvent | Refusal:
    """A new item from its form."""
    if not visit.may("add"):
        return LOGIN_FIRST
    values, problems = item_fields(visit.spec, form)
    if problems:
        return Refusal(problems)
    if len(visit.state.added) >= _MOST_KEPT:
        return _FULL
    user = visit.user
    item = Item(
        id=FIRST_ADDED_ID - 1 + visit.state.next_number(),
        fields=values,
        owner=user.id if user else None,
        created_at=visit.now,
        updated_at=visit.now,
    )
    visit.state.added.append(item)
    return visit.event("add", item.payload(visit.spec))


def edit_item(visit: Visit, item_id: int, form: Form) -> SiteEvent | Refusal:
    """An item's fields are replaced by its form's; the event names what changed and what was there before."""
    if not visit.may("edit"):
        return LOGIN_FIRST
    item = visit.item(item_id)
    if item is None:
        return _NOT_FOUND
    values, problems = item_fields(visit.spec, form)
    if problems:
        return Refusal(problems)
    edited = Item(id=item.id, fields=values, owner=item.owner, created_at=item.created_at, updated_at=visit.now)
    changed = [name for name in visit.spec.field_names if values[name] != item.fields[name]]
    visit.state.edited[item_id] = edited
    data = edited.payload(visit.spec) | {"changed_fields": changed, "previous_values": dict(item.fields)}
    return visit.event("edit", data)


def delete_item(visit: Visit, item_id: int) -> SiteEvent | Refusal:
    """An item is taken down."""
    if not visit.may("delete"):
        return LOGIN_FIRST
    item = visit.item(item_id)
    if item is None:
        return _NOT_FOUND
    visit.state.deleted.append(item_id)
    return visit.event("delete", item.payload(visit.spec))


def add_comment(visit: Visit, item_id: int, form: Form) -> SiteEvent | Refusal:
    """A comment under an item; the event nests the item under the site's word for it."""
    item = visit.item(item_id)
    if item is None:
        return _NOT_FOUND
    values, problems = required_texts(form, "name", "content")
    if problems:
        return Refusal(problems)
    if sum(map(len, visit.state.comments.values())) >= _MOST_KEPT:
        return _FULL
    comment = Comment(id=visit.state.next_number(), created_at=visit.now, **values)
    visit.state.comments.setdefault(item_id, []).append(comment)
    creator = visit.spec.creator
    about = {"id": item.id, **{name: item.fields[name] for name in ("name", "year", creator)}}
    data = {"name": comment.name, "content": comment.content, "comment_id": comment.id, "created_at": visit.now}
    return visit.event("comment", data | {visit.spec.comment_target: about})


def send_message(visit: Visit, form: Form) -> SiteEvent | Refusal:
    """The contact form; the message itself lives on only in its event."""
    values, problems = required_texts(form, "name", "email", "subject", "message")
    if "email" not in problems and "@" not in values["email"]:
        problems["email"] = "Enter an e-mail address."
    if problems:
        return Refusal(problems)
    return visit.event("contact", {"id": visit.state.next_number(), **values, "created_at": visit.now})


def register(visit: Visit, form: Form) -> SiteEvent | Refusal:
    """A new member; the name must be free."""
    values, problems = required_texts(form, "username", "email", "password", "password2")
    username = values["username"]
    if "username" not in problems and visit.state.user(username, visit.spec, visit.agent_id) is not None:
        problems["username"] = "This name is taken."
    if "email" not in problems and "@" not in values["email"]:
        problems["email"] = "Enter an e-mail address."
    if not problems and values["password"] != values["password2"]:
        problems["password2"] = "The passwords differ."
    if problems:
        return Refusal(problems)
    if len(visit.state.users) >= _MOST_KEPT:
        return _FULL
    user_id = 256 + visit.state.next_number()
    visit.state.users[username] = User(
        id=user_id, username=username, email=values["email"], password=values["password"]
    )
    return SiteEvent(visit.spec.events["register"], {"username": username, "email": values["email"]}, user_id)


def log_in(visit: Visit, form: Form, session: str) -> SiteEvent | Refusal:
    """A member signs in; `session` is the cookie's new value. Afterwards the visit is theirs."""
    username, password = text_of(form, "username"), text_of(form, "password")
    user = visit.state.user(username, visit.spec, visit.agent_id)
    if user is None or user.password != password:
        return Refusal({"": "User name and password do not match."}, 401)
    sessions = visit.state.sessions
    if session not in sessions and len(sessions) >= _MOST_KEPT:
        del sessions[next(iter(sessions))]  # the oldest
    sessions[session] = username
    visit.username = username
    return visit.event("login", {"username": username})


def log_out(visit: Visit, session: str) -> SiteEvent | Refusal:
    """A member signs out."""
    if visit.username is None:
        return LOGIN_FIRST
    event = visit.event("logout", {"username": visit.username})
    visit.state.sessions.pop(session, None)
    visit.username = None
    return event


def edit_profile(visit: Visit, form: Form) -> SiteEvent | Refusal:
    """A member's profile is replaced by the form's values; `favorite_genre` is a genre's number or name."""
    user = visit.user
    if user is None:
        return LOGIN_FIRST
    values = {name: text_of(form, name) for name in _PROFILE_TEXTS}
    problems = {name: f"At most {MOST_TEXT} characters." for name, text in values.items() if len(text) > MOST_TEXT}
    chosen = text_of(form, "favorite_genre")
    genre = genre_named(visit.spec, chosen) if chosen else None
    if chosen and genre is None:
        problems["favorite_genre"] = "Choose from the list."
    if problems:
        return Refusal(problems)
    before = {name: getattr(user, name) for name in (*_PROFILE_TEXTS, "favorite_genres")}
    edited = User(
        id=user.id,
        username=user.username,
        email=user.email,
        password=user.password,
        favorite_genres=[genre] if genre else [],
        **values,
    )
    visit.state.users[user.username] = edited
    genres = [{"id": visit.spec.genre_id(name), "name": name} for name in edited.favorite_genres]
    data = {"user_id": user.id, "username": user.username, "email": user.email, **values}
    return visit.event("profile", data | {"favorite_genres": genres, "previous_values": before})


def add_to_cart(visit: Visit, item_id: int) -> SiteEvent | Refusal:
    """A book goes into the member's cart."""
    if visit.username is None:
        return LOGIN_FIRST
    item = visit.item(item_id)
    if item is None:
        return _NOT_FOUND
    cart = visit.state.carts.setdefault(visit.username, [])
    if len(cart) >= _MOST_KEPT:
        return _FULL
    cart.append(item_id)
    return visit.event("cart", item.payload(visit.spec))


def purchase(visit: Visit, item_id: int, form: Form) -> SiteEvent | Refusal:
    """What the cart holds of one book is paid; the card is looked at, never kept."""
    if visit.username is None:
        return LOGIN_FIRST
    cart = visit.state.carts.get(visit.username, [])
    item = visit.item(item_id)
    quantity = cart.count(item_id)
    if item is None or not quantity:
        return _NOT_FOUND
    values, problems = required_texts(form, "name", "card", "expiry", "cvc")
    digits = values["card"].replace(" ", "")
    if "card" not in problems and not (digits.isascii() and digits.isdigit() and 12 <= len(digits) <= 19):
        problems["card"] = "12 to 19 digits, please."
    if "expiry" not in problems and not _EXPIRY.fullmatch(values["expiry"]):
        problems["expiry"] = "A month and a year such as 04/31, please."
    if "cvc" not in problems and not _CVC.fullmatch(values["cvc"]):
        problems["cvc"] = "3 or 4 digits, please."
    if problems:
        return Refusal(problems)
    visit.state.carts[visit.username] = [other for other in cart if other != item_id]
    return visit.event("purchase", item.payload(visit.spec) | {"quantity": quantity})
