"""A visit to a website: what its acts change, and what they come to, an event or a refusal."""

from dataclasses import dataclass
from typing import Any

from score_model.arena.sites._catalog import catalog_of
from score_model.arena.sites._layout import Layout
from score_model.arena.sites._spec import SiteSpec
from score_model.arena.sites._world import Item, User, World


@dataclass(frozen=True)
class SiteEvent:
    """A backend event before it is dated and stored."""

    name: str
    data: dict[str, Any]
    user_id: int | None


@dataclass(frozen=True)
class Refusal:
    """Why an act did not happen; `problems` is keyed by form field, `""` for the page as a whole."""

    problems: dict[str, str]
    status: int = 422


LOGIN_FIRST = Refusal({"": "Please sign in first."}, 401)


@dataclass
class Visit:
    """One request of one visitor: where, at which seed, who, and the world that the acts change.

    `now` is ISO 8601 text; `username` the member who is signed in, if any.
    """

    spec: SiteSpec
    layout: Layout
    world: World
    agent_id: str
    now: str
    username: str | None = None

    @property
    def user(self) -> User | None:
        """The member who is signed in."""
        return None if self.username is None else self.world.user(self.username, self.spec, self.agent_id)

    def items(self) -> list[Item]:
        """What the site shows this visitor, in the layout's order."""
        return self.world.items(catalog_of(self.layout))

    def item(self, item_id: int) -> Item | None:
        """One item as it is now."""
        return self.world.item(catalog_of(self.layout), item_id)

    def may(self, act: str) -> bool:
        """Whether this visitor may try an act, or must sign in first."""
        return act not in self.spec.login_for or self.user is not None

    def event(self, act: str, data: dict[str, Any]) -> SiteEvent:
        """The event of an act by this visitor."""
        user = self.user
        return SiteEvent(self.spec.events[act], data, user.id if user else None)
