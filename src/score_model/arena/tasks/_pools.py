"""What the fields of each form are filled from: right and wrong answers draw from the same pools."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from score_model.arena.sites import SiteSpec
from score_model.arena.tasks import _people as people

_ACCOUNTS = ("newuser", "newmember", "guest", "visitor", "fan")

Pools = dict[str, Callable[[], Any]]


def form_pools(draw: Random, spec: SiteSpec, act: str) -> Pools:
    """For the fields of an act's form, what draws a value; none for acts without texts to invent."""
    match act:
        case "add" | "edit":
            return _item(draw, spec)
        case "comment":
            return {"name": lambda: people.person(draw), "content": lambda: draw.choice(people.COMMENTS)}
        case "contact":
            return {
                "name": lambda: people.person(draw),
                "email": lambda: people.address(draw),
                "subject": lambda: draw.choice(people.SUBJECTS),
                "message": lambda: draw.choice(people.MESSAGES),
            }
        case "profile":
            return {
                "first_name": lambda: draw.choice(people.FIRST_NAMES),
                "last_name": lambda: draw.choice(people.LAST_NAMES),
                "bio": lambda: draw.choice(people.BIOS),
                "location": lambda: draw.choice(people.LOCATIONS),
                "website": lambda: draw.choice(people.WEBSITES),
                "favorite_genres": lambda: [draw.choice(spec.genres)],
            }
        case "register":
            return {"username": lambda: account(draw), "email": lambda: account_address(draw, account(draw))}
    return {}


def as_form(values: Mapping[str, Any]) -> dict[str, str]:
    """Values as they are typed or chosen; of genres, the only one."""
    return {name: str(value[0] if isinstance(value, list) else value) for name, value in values.items()}


def account(draw: Random) -> str:
    """The name of a new account of the agent's."""
    return f"{draw.choice(_ACCOUNTS)}<web_agent_id>"


def account_address(draw: Random, username: str) -> str:
    """The e-mail address of a new account."""
    return f"{username}@{draw.choice(people.MAIL_HOSTS)}"


def _item(draw: Random, spec: SiteSpec) -> Pools:
    pools: Pools = {
        "name": lambda: people.title(draw),
        spec.creator: lambda: people.person(draw),
        "cast": lambda: ", ".join(people.person(draw) for _ in range(3)),
        "year": lambda: draw.randint(1921, 2024),
        "duration": lambda: draw.randint(62, 210),
        "page_count": lambda: draw.randint(80, 950),
        "rating": lambda: draw.randint(5, 49) / 10,
        "price": lambda: draw.randint(299, 4599) / 100,
        "genres": lambda: [draw.choice(spec.genres)],
        "desc": lambda: draw.choice(people.DESCRIPTIONS),
    }
    return {name: pool for name, pool in pools.items() if name in spec.field_names}
