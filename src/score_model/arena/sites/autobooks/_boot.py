"""What a page needs before it can draw anything: the layout spelled out, the shop's constants, and the member."""

from typing import Any

from score_model.arena.sites import Layout, Visit
from score_model.arena.sites.autobooks._pages import MEMBERS_ONLY
from score_model.arena.sites.layout import LABELS
from score_model.arena.sites.request import SiteEvent

WORDS: dict[str, tuple[str, ...]] = {
    "home.heading": (
        "Books worth staying in for",
        "What shall we read next?",
        "A good book, chosen slowly",
        "The shop on the corner of every page",
    ),
    "home.lead": (
        "Second chances, first editions and one very patient mushroom. Pull up a chair.",
        "Every title on these shelves was invented, shelved and dusted by hand.",
        "Come for the weather almanac, stay for the upside-down post office.",
    ),
    "list.heading": ("On our shelves", "The catalogue", "All the books", "Browse the shop"),
    "search.heading": ("Search the shelves", "Looking for something?", "Find a book"),
    "filter.heading": ("Narrow the shelves", "By genre and year", "Pick a corner of the shop"),
    "found.search": ("Titles with “{query}”", "Found for “{query}”", "“{query}” on our shelves"),
    "found.filter": ("{filters}", "Our shelf of {filters}", "Shelved under {filters}"),
    "found.none": ("Nothing on the shelves matches.", "No book answers to that.", "That shelf is empty."),
    "comments.heading": ("Readers say", "Margin notes", "What readers think"),
    "comments.none": ("Nobody has written in the margin yet.", "No notes yet. Yours could be the first."),
    "comment.heading": ("Add your note", "Have you read it?", "Write in the margin"),
    "add.heading": ("Put a book on the shelf", "A new title for the shop", "Add a book"),
    "edit.heading": ("Edit “{name}”", "Correct the entry for “{name}”", "Update “{name}”"),
    "delete.heading": ("Take “{name}” off the shelf?", "Delete “{name}”?", "Remove “{name}” from the shop?"),
    "delete.lead": (
        "The book leaves the shop for good. This can't be undone.",
        "Once it is gone, nobody will find it here again.",
    ),
    "delete.back": ("No, keep it", "Back to the book", "Leave it on the shelf"),
    "contact.heading": ("Write to the bookseller", "Drop us a line", "Contact the shop"),
    "contact.lead": (
        "Questions, misprints, overdue praise: we read every letter.",
        "Tell us which book we are missing. We answer between chapters.",
    ),
    "login.heading": ("Welcome back", "Sign in to your shelf", "Members' entrance"),
    "register.heading": ("Get your reader's card", "Become a member", "Open an account"),
    "profile.heading": ("Your reader's card", "Your profile", "About you, the reader"),
    "cart.heading": ("Your basket", "Your reading pile", "Books to take home"),
    "cart.none": ("Your basket is empty. The shelves are not.", "No books here yet. Go and find one."),
    "checkout.heading": ("Pay for “{name}”", "Take “{name}” home", "Checkout: “{name}”"),
    "missing.heading": ("This page was torn out", "We can't find that page", "No such page"),
    "missing.lead": ("The address leads nowhere in this shop.", "It may have been moved, sold or never written."),
    "notice.added": ("The book is on the shelf.", "Saved: a new book in the shop."),
    "notice.edited": ("The entry is updated.", "Your changes are saved."),
    "notice.deleted": ("The book is gone.", "Taken off the shelf."),
    "notice.commented": ("Thank you, your note is in the margin.", "Your comment is posted."),
    "notice.sent": ("Thank you, your letter is on its way.", "Message sent. We will write back."),
    "notice.login": ("Welcome, {username}.", "Good to see you, {username}."),
    "notice.logout": ("You are signed out. Come back soon.", "Goodbye, you are signed out."),
    "notice.registered": ("Your account is ready: please sign in.", "Welcome! You can sign in now."),
    "notice.members": ("Please sign in first.", "This shelf is for members: please sign in first."),
    "notice.profile": ("Your profile is saved.", "Your reader's card is up to date."),
    "notice.cart": ("“{name}” is in your cart.", "Added to your cart: “{name}”."),
    "notice.bought": ("Thank you for your purchase. Enjoy “{name}”.", "“{name}” is yours. Happy reading!"),
}

LOOKS: dict[str, tuple[str, ...]] = {
    "palette": ("parchment", "ivy", "harbour", "plum", "rosewood", "midnight"),
    "type": ("oldstyle", "modern", "newspaper"),
    "header": ("bar", "masthead", "rail"),
    "hero": ("shelf", "table", "window"),
    "cards": ("covers", "shelf", "list"),
    "filter": ("sidebar", "above", "below"),
    "form": ("stacked", "columns", "beside"),
}
_NOT_HERE = ("item.cast", "item.director", "item.duration")  # the film site's fields


def boot_data(visit: Visit) -> dict[str, Any]:
    """The boot record: ids and labels of every logical element, the layout's choices, genres, fields and the member."""
    layout, spec = visit.layout, visit.spec
    elements = [name for name in LABELS if name not in _NOT_HERE]
    return {
        "title": spec.title,
        "seed": layout.seed,
        "elements": {name: {"id": layout.element_id(name), "label": layout.label(name)} for name in elements},
        "look": look_of(layout),
        "words": {name: layout.choice(f"words {name}", options) for name, options in WORDS.items()},
        "paths": spec.paths,
        "members_only": sorted(MEMBERS_ONLY),
        "genres": [{"id": spec.genre_id(name), "name": name} for name in spec.genres],
        "fields": [{"name": field.name, "kind": field.kind, "required": field.required} for field in spec.fields],
        "member": member_data(visit),
    }


def look_of(layout: Layout) -> dict[str, str]:
    """Which variant of each part of the design a seed shows."""
    return {part: layout.choice(f"look {part}", options) for part, options in LOOKS.items()}


def member_data(visit: Visit) -> dict[str, Any] | None:
    """Who is signed in, and how many books are in their cart."""
    if visit.username is None:
        return None
    shown = {item.id for item in visit.items()}
    cart = visit.state.carts.get(visit.username, [])
    return {"username": visit.username, "cart": sum(item_id in shown for item_id in cart)}


def event_data(event: SiteEvent | None, now: str) -> dict[str, Any] | None:
    """An event as the page posts it back: the `data` of a row of the central service (export contract, section 5)."""
    if event is None:
        return None
    return {"event_name": event.name, "data": event.data, "user_id": event.user_id, "timestamp": now}
