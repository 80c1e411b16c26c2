"""Invented texts for forms: people, titles, messages, comments, profiles."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from score_model.arena.sites import SiteSpec
from score_model.arena.tasks import _form_values as people
from score_model.contract.placeholders import AGENT_ID

FIRST_NAMES = ("Alma", "Bram", "Carlotta", "Dorian", "Elif", "Fergus", "Gwendolyn", "Hamza", "Ilse", "Jasper",
               "Kalinda", "Leopold", "Mireille", "Nestor", "Ottoline", "Priya", "Quentin", "Rosamund",
               "Stellan", "Thandi")  # fmt: skip
LAST_NAMES = ("Abernethy", "Blomgren", "Castellanos", "Drummond", "Eberhart", "Falconer", "Grimsdottir", "Halloran",
              "Ibarra", "Jankowski", "Kingsolver", "Lindqvist", "Marchetti", "Nakagawa", "Oyelowo", "Pemberton",
              "Quispe", "Rasmussen", "Silverthorn", "Tremblay")  # fmt: skip
_ADJECTIVES = ("Amber", "Borrowed", "Crooked", "Distant", "Electric", "Forgotten", "Golden", "Hollow", "Invisible",
               "Patient", "Restless", "Silent", "Tangled", "Velvet", "Wandering")  # fmt: skip
_NOUNS = ("Archive", "Bridge", "Compass", "Dynasty", "Express", "Garden", "Harbour", "Island", "Lantern", "Meridian",
          "Orchestra", "Promise", "Season", "Telescope", "Winter")  # fmt: skip
SUBJECTS = ("Billing question", "Broken link", "Feedback on the search", "Lost password", "Partnership proposal",
            "Press enquiry", "Suggestion for a title", "Thanks to the team", "Wrong release year")  # fmt: skip
MESSAGES = (
    "The page of my favourite title shows the wrong year",
    "Could you add subtitles to the trailers, please",
    "I would love to write reviews for your site",
    "My account was locked after the last update",
    "How do I change the language of the catalogue",
    "Your collection of classics is wonderful",
    "Please tell me when the new season arrives",
    "The search does not find titles with accents",
)
COMMENTS = (
    "a quiet masterpiece",
    "couldn't stop smiling",
    "far too long for its story",
    "gripping until the last minute",
    "the ending surprised everyone",
    "wonderful characters and sharp dialogue",
    "not what the cover promised",
    "would gladly come back to it",
    "beautiful from start to finish",
)
BIOS = (
    "Collects ticket stubs and forgotten matinees.",
    "Night owl with a weakness for slow stories.",
    "Retired teacher, full-time daydreamer.",
    "Writes letters to fictional detectives.",
    "Hunting for the perfect opening line.",
    "Translator by day, projectionist by night.",
)
LOCATIONS = ("Aarhus, Denmark", "Bergamo, Italy", "Cork, Ireland", "Durban, South Africa", "Galway, Ireland",
             "Kanazawa, Japan", "Leuven, Belgium", "Porto, Portugal", "Tartu, Estonia", "Valdivia, Chile")  # fmt: skip
WEBSITES = (
    "https://cellophane-diary.example",
    "https://margin-notes.example",
    "https://midnight-reels.example",
    "https://paper-lanterns.example",
    "https://second-row-left.example",
    "https://the-long-shelf.example",
)
MAIL_HOSTS = ("mailbox.example", "postkontor.example", "quickletter.example", "inbox.example")
DESCRIPTIONS = (
    "A lighthouse keeper finds a door that opens only at low tide.",
    "Three sisters inherit a theatre and the debts of its ghost.",
    "The last tram of the evening never reaches its terminus.",
    "A clockmaker repairs one hour for everyone in the village.",
    "Two rival gardeners share a greenhouse for a single winter.",
    "An archivist discovers her own name in a century-old diary.",
)

_ACCOUNTS = ("newuser", "newmember", "guest", "visitor", "fan")

Pools = dict[str, Callable[[], Any]]


def person(draw: Random) -> str:
    """A full name."""
    return f"{draw.choice(FIRST_NAMES)} {draw.choice(LAST_NAMES)}"


def title(draw: Random) -> str:
    """A film's or a book's name."""
    adjective, noun = draw.choice(_ADJECTIVES), draw.choice(_NOUNS)
    return draw.choice((f"The {adjective} {noun}", f"{adjective} {noun}", f"{noun} of the {adjective} Sea"))


def address(draw: Random) -> str:
    """An e-mail address."""
    return f"{draw.choice(FIRST_NAMES)}.{draw.choice(LAST_NAMES)}@{draw.choice(MAIL_HOSTS)}".lower()


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
    return f"{draw.choice(_ACCOUNTS)}{AGENT_ID}"


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
