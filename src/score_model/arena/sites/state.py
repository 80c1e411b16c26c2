"""What one visitor's acts have made of a site: a small overlay over the catalog, kept apart for each identity."""

from collections.abc import Sequence
from typing import Any

import msgspec

from score_model.arena.sites.spec import SiteSpec

FIRST_ADDED_ID = 1001  # ids of items that visitors add; the catalog's own stay below
BUILT_IN_USERS = 256  # user1 … user256 exist everywhere, as on the real sites
_NAMES_AGENT = "user"


class Item(msgspec.Struct, kw_only=True):
    """A film or a book; `fields` has the site's fields by name (`genres` a list of names)."""

    id: int
    fields: dict[str, Any]
    owner: int | None = None
    created_at: str | None = None
    updated_at: str | None = None

    def payload(self, spec: SiteSpec) -> dict[str, Any]:
        """The item as events carry it: its fields, with genres as objects of id and name."""
        genres = [{"id": spec.genre_id(name), "name": name} for name in self.fields["genres"]]
        owner = {"userId": self.owner} if self.owner is not None else {}
        return {
            "id": self.id,
            **self.fields,
            "genres": genres,
            "img": f"/covers/{self.id}.svg",
            **owner,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }


class Comment(msgspec.Struct, kw_only=True):
    """A comment under an item."""

    id: int
    name: str
    content: str
    created_at: str


class User(msgspec.Struct, kw_only=True):
    """A member and what their profile says."""

    id: int
    username: str
    email: str
    password: str
    first_name: str = ""
    last_name: str = ""
    bio: str = ""
    location: str = ""
    website: str = ""
    favorite_genres: list[str] = []


class SiteState(msgspec.Struct, kw_only=True):
    """All that one identity has changed on one site. Lists are newest last; `carts` has item ids by user name."""

    added: list[Item] = []
    edited: dict[int, Item] = {}
    deleted: list[int] = []
    comments: dict[int, list[Comment]] = {}
    users: dict[str, User] = {}
    sessions: dict[str, str] = {}
    carts: dict[str, list[int]] = {}
    made: int = 0  # counts what got an id of its own: items, comments, messages, users

    def next_number(self) -> int:
        """A number that this state has not given before."""
        self.made += 1
        return self.made

    def item(self, catalog: Sequence[Item], item_id: int) -> Item | None:
        """The item as it is now, or None if it was never there or is deleted."""
        return next((item for item in self.items(catalog) if item.id == item_id), None)

    def items(self, catalog: Sequence[Item]) -> list[Item]:
        """What the site shows: added items, newest first, then the catalog's, edited or not, less the deleted."""
        gone = set(self.deleted)
        shown = [*reversed(self.added), *catalog]
        return [self.edited.get(item.id, item) for item in shown if item.id not in gone]

    def user(self, username: str, spec: SiteSpec, agent_id: str) -> User | None:
        """A member by name: registered or edited here, or built in (`user1` … `user256` and `user<agent id>`)."""
        if username in self.users:
            return self.users[username]
        number = username.removeprefix(_NAMES_AGENT)
        if not username.startswith(_NAMES_AGENT) or not number:
            return None
        numbered = number.isascii() and number.isdigit() and not number.startswith("0")
        if numbered and len(number) <= 3 and int(number) <= BUILT_IN_USERS:
            user_id = int(number)
        elif number == agent_id:
            user_id = BUILT_IN_USERS
        else:
            return None
        return User(id=user_id, username=username, email=f"{username}@mail.example", password=spec.password)
