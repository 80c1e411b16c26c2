"""What a seed changes on a page: ids, labels, placement, and which items are there in which order.

Everything follows from the site's name and the seed (export contract, section 5: `?seed=N`, 1 to 300), so that a page
and an agent that knows the site agree without talking to each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from random import Random
from typing import TypeVar

LABELS: dict[str, tuple[str, ...]] = {
    "nav.home": ("Home", "Browse", "All titles", "Discover"),
    "nav.add": ("Add a title", "Contribute", "New entry"),
    "nav.contact": ("Contact", "Write to us", "Get in touch"),
    "nav.login": ("Login", "Sign in", "Members"),
    "nav.register": ("Register", "Create account", "Join"),
    "nav.profile": ("My profile", "Account", "Profile"),
    "nav.logout": ("Logout", "Sign out", "Leave"),
    "nav.cart": ("Cart", "Basket", "My bag"),
    "search.query": ("Search by title…", "Find a title", "What are you looking for?"),
    "search.submit": ("Search", "Find", "Go"),
    "filter.genre": ("Genre", "Kind", "Category"),
    "filter.year": ("Year", "Released", "Year of release"),
    "filter.submit": ("Filter", "Apply", "Narrow down"),
    "item.open": ("View details", "More", "Open", "Read more"),
    "item.edit": ("Edit", "Change", "Update entry"),
    "item.delete": ("Delete", "Remove", "Take down"),
    "item.name": ("Title", "Name", "Full title"),
    "item.director": ("Director", "Directed by", "Director's name"),
    "item.author": ("Author", "Written by", "Author's name"),
    "item.cast": ("Cast", "Starring", "Actors"),
    "item.year": ("Year", "Release year", "Published in"),
    "item.duration": ("Duration (minutes)", "Running time in minutes", "Minutes"),
    "item.page_count": ("Pages", "Page count", "Number of pages"),
    "item.rating": ("Rating (0–5)", "Stars out of 5", "Our rating, 0 to 5"),
    "item.price": ("Price", "Price in dollars", "Costs"),
    "item.genres": ("Genres", "Kinds", "Categories"),
    "item.desc": ("Description", "Synopsis", "What is it about?"),
    "item.trailer_url": ("Trailer link", "Link to a trailer", "Web link"),
    "item.submit": ("Save", "Save changes", "Store entry"),
    "delete.confirm": ("Yes, delete", "Confirm removal", "Delete for good"),
    "comment.name": ("Your name", "Name", "Who are you?"),
    "comment.content": ("Write a comment…", "Your comment", "Say something"),
    "comment.submit": ("Post comment", "Submit comment", "Send comment"),
    "contact.name": ("Your name", "Full name", "Name"),
    "contact.email": ("E-mail", "Your e-mail address", "Reply to"),
    "contact.subject": ("Subject", "What is it about?", "Topic"),
    "contact.message": ("Message", "Your message", "Tell us more"),
    "contact.submit": ("Send message", "Send", "Submit"),
    "login.username": ("Username", "User name", "Your username"),
    "login.password": ("Password", "Your password", "Secret word"),
    "login.submit": ("Sign in", "Log in", "Enter"),
    "register.username": ("Username", "Choose a username", "User name"),
    "register.email": ("E-mail", "E-mail address", "Your e-mail"),
    "register.password": ("Password", "Choose a password", "New password"),
    "register.password2": ("Repeat password", "Password again", "Confirm password"),
    "register.submit": ("Create account", "Register", "Sign up"),
    "profile.first_name": ("First name", "Given name"),
    "profile.last_name": ("Last name", "Family name"),
    "profile.bio": ("About you", "Bio", "A few words about yourself"),
    "profile.location": ("Location", "Where you live", "City"),
    "profile.website": ("Website", "Your website", "Home page"),
    "profile.favorite_genre": ("Favourite genre", "Preferred kind", "Loves"),
    "profile.submit": ("Save profile", "Update profile", "Keep changes"),
    "cart.add": ("Add to cart", "Put in basket", "Add to bag"),
    "cart.buy": ("Buy", "Purchase", "Order"),
    "checkout.name": ("Name on card", "Cardholder"),
    "checkout.card": ("Card number", "Number on the card"),
    "checkout.expiry": ("MM/YY", "Valid until"),
    "checkout.cvc": ("CVC", "Security code"),
    "checkout.submit": ("Pay now", "Confirm purchase", "Complete order"),
}

T = TypeVar("T")

FIRST_SEED, LAST_SEED = 1, 300
DEFAULT_SEED = 1
_ID_STYLES = (
    "{page}-{part}",
    "id_{part}_{page}",
    "{part}-{page}-field",
    "{page}{Part}",
    "f{number}-{part}",
    "{part}_{number}",
)


def seed_of(text: str | None) -> int | None:
    """The seed that a query's or a cookie's text names; None for anything but a whole number from 1 to 300."""
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > 3:
        return None
    seed = int(text)
    return seed if FIRST_SEED <= seed <= LAST_SEED else None


@dataclass(frozen=True)
class Layout:
    """One variant of one site."""

    site: str
    seed: int

    def element_id(self, name: str, item_id: int | None = None) -> str:
        """The DOM id of an element by its logical name (`login.username`); `item_id` tells equal ones apart."""
        page, part = name.split(".", 1)
        style = self.choice("id style", _ID_STYLES)
        made = style.format(
            page=page, part=part, Part=part.capitalize(), number=self._draw(f"id {name}") % 90000 + 10000
        )
        return made if item_id is None else f"{made}-{item_id}"

    def label(self, name: str) -> str:
        """The visible words of a button, link or field (its placeholder or caption) by its logical name."""
        return self.choice(f"label {name}", LABELS[name])

    def choice(self, purpose: str, options: Sequence[T]) -> T:
        """One of the options; another purpose draws anew."""
        return options[self._draw(purpose) % len(options)]

    def shuffled(self, purpose: str, items: Sequence[T], count: int | None = None) -> list[T]:
        """The first `count` (by default all) of the items in an order of this layout's own."""
        draw = Random(self._draw(purpose))  # noqa: S311 - a layout is no secret
        return draw.sample(items, len(items) if count is None else count)

    def _draw(self, purpose: str) -> int:
        digest = blake2b(f"{self.site}\n{self.seed}\n{purpose}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big")
