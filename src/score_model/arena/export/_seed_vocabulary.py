"""Invented content of the seeded websites: things, people, and the use cases with their wordings and steps.

A wording is a `str.format` text over a task's slots: `item` and `other` (two names of things), `person`, `place`,
`category`, `fragment` (letters of no name), `note` (a sentence), `number`, `price`, `year`, `n` (a path number).
A step is `(verb, where, what)`; the same slots fill its texts. Site names and ports are the production ones
(export contract, section 5); everything else is made up.
"""

from dataclasses import dataclass

Step = tuple[str, str, str]

PEOPLE = (
    "Mara Ellingsen",
    "Tobias Okafor",
    "Ines D'Almeida",
    "Jun Hartono",
    "Renée Coulombe",
    "Sol Whitacre",
    "Piet O'Shea",
)
PLACES = ("Harbour Falls", "Lindenau", "Port St. Clair", "Nový Most", "Quarry Bay", "Ashgrove", "Três Pontes")
NOTES = (
    "Hi there, I'm looking forward to it",
    "Wasn't what I expected, but I'd go again",
    "Please ring the bell twice",
    "Great value & quick reply",
    "The host's notes were spot-on",
    "A quiet gem; 5 stars",
)
FRAGMENTS = ("qxv", "zzu", "wvk", "jyq", "xoz", "vvq")


@dataclass(frozen=True)
class UseCase:
    """A kind of task: its name, several wordings and the steps that do it."""

    name: str
    event: str
    wordings: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Site:
    """A seeded website."""

    name: str
    port: int
    items: tuple[str, ...]
    categories: tuple[str, ...]
    use_cases: tuple[UseCase, ...]


_LOGIN: tuple[Step, ...] = (
    ("navigate", "/login", ""),
    ("fill", "id:username", "user<web_agent_id>"),
    ("fill", "id:password", "PASSWORD"),
    ("click", "text:Sign in", ""),
    ("wait", "", ""),
)


def _detail(name: str, event: str, thing: str, path: str) -> UseCase:
    return UseCase(
        name,
        event,
        (
            f"Open the page of the {thing} called '{{item}}'",
            f"Show me a {thing} that is NOT '{{other}}' and whose rating is at least {{price}}",
            f"Find the {thing} whose name contains '{{item}}' and does NOT contain '{{fragment}}', then view it.",
            f"View a {thing} from {{year}} or later in the category '{{category}}'",
        ),
        (("navigate", f"/{path}/{{n}}", ""), ("wait", "", "")),
    )


def _search(name: str, event: str, things: str) -> UseCase:
    return UseCase(
        name,
        event,
        (
            f"Search for {things} with the query '{{item}}'",
            f"Look up {things} where the query is NOT equal to '{{other}}'",
            f"Search the {things} using a text that contains '{{item}}' but not '{{fragment}}'.",
        ),
        (("fill", "placeholder:Search…", "{item}"), ("press", "", "Enter"), ("wait", "", "")),
    )


def _login(name: str, event: str) -> UseCase:
    return UseCase(
        name,
        event,
        (
            "Sign in with username 'user<web_agent_id>' and password 'PASSWORD'",
            "Please log in as user<web_agent_id> (password: PASSWORD) and stop there.",
        ),
        _LOGIN,
    )


def _contact(name: str, event: str) -> UseCase:
    return UseCase(
        name,
        event,
        (
            "Send the contact form with the message '{note}' and a subject that does NOT contain '{fragment}'",
            "Get in touch: the name equals '{person}' and the message is '{note}'.",
            "Write to the team as anyone but '{person}', subject '{category}'",
        ),
        (
            ("navigate", "/contact", ""),
            ("fill", "id:name", "{person}"),
            ("fill", "placeholder:Subject", "{category}"),
            ("fill", "id:message", "{note}"),
            ("click", "text:Send", ""),
            ("wait", "", ""),
        ),
    )


def _filter(name: str, event: str, things: str) -> UseCase:
    return UseCase(
        name,
        event,
        (
            f"Filter the {things} by '{{category}}'",
            f"Show only {things} in '{{category}}' priced at {{price}} or less",
            f"Narrow the {things} down to those from {{place}} that aren't '{{other}}'",
        ),
        (("select", "id:filter-category", "{category}"), ("scroll", "", "{number}"), ("click", "text:Apply", "")),
    )


def _add(name: str, event: str, thing: str) -> UseCase:
    return UseCase(
        name,
        event,
        (
            f"First log in as 'user<web_agent_id>' with 'PASSWORD'. Then add a {thing} named '{{item}}' from {{year}}.",
            f"After signing in (user<web_agent_id> / PASSWORD), register a '{{category}}' {thing} not by '{{person}}'",
        ),
        (
            *_LOGIN,
            ("click", "text:Add new", ""),
            ("fill", "id:title", "{item}"),
            ("fill", "placeholder:Year", "{year}"),
            ("select", "id:category", "{category}"),
            ("click", "css:form button[type='submit']", ""),
        ),
    )


def _buy(name: str, event: str, thing: str) -> UseCase:
    return UseCase(
        name,
        event,
        (
            f"Buy the {thing} '{{item}}' and check out with {{number}} pieces",
            f"Order any {thing} except '{{other}}' for at most ${{price}}",
            f"Put a {thing} into the cart where the price is less than {{price}} and the title is '{{item}}'.",
        ),
        (
            ("navigate", "/item/{n}", ""),
            ("fill", "id:quantity", "{number}"),
            ("click", "text:Add to cart", ""),
            ("navigate", "/cart", ""),
            ("click", "id:checkout", ""),
            ("wait", "", ""),
        ),
    )


def _comment(name: str, event: str, thing: str) -> UseCase:
    return UseCase(
        name,
        event,
        (
            f"Comment '{{note}}' on the {thing} of {{person}}",
            f"Leave a remark saying '{{note}}' under a {thing} that does NOT mention '{{fragment}}'",
        ),
        (
            ("navigate", "/post/{n}", ""),
            ("fill", "placeholder:Write a comment…", "{note}"),
            ("click", "text:Post comment", ""),
        ),
    )


def _site(name: str, port: int, items: tuple[str, ...], categories: tuple[str, ...], *use_cases: UseCase) -> Site:
    return Site(name, port, items, categories, use_cases)


SITES: dict[str, Site] = {
    site.name: site
    for site in (
        _site(
            "autocinema",
            8000,
            (
                "The Baker's Lantern",
                "Nine Quiet Tides",
                "Gravel Road",
                "Été Indien",
                "Ocean of Dust",
                "Mr. Pell's Clock",
            ),
            ("Mystery", "Sci-Fi", "Road movie", "Silent"),
            _detail("FILM_DETAIL", "FilmDetailEvent", "film", "movie"),
            _search("SEARCH_FILM", "SearchFilmEvent", "films"),
            _filter("FILTER_FILM", "FilterFilmEvent", "films"),
            _add("ADD_FILM", "AddFilmEvent", "film"),
            _contact("CONTACT", "ContactEvent"),
            _login("LOGIN", "LoginEvent"),
        ),
        _site(
            "autobooks",
            8001,
            (
                "A Cartographer's Debt",
                "Salt & Ledger",
                "Winter in Nová Ves",
                "The Ninth Orchard",
                "Paper Rivers",
                "Hush",
            ),
            ("Travel", "Psychology", "Poetry", "Crime"),
            _detail("BOOK_DETAIL", "BookDetailEvent", "book", "book"),
            _search("SEARCH_BOOK", "SearchBookEvent", "books"),
            _filter("FILTER_BOOK", "FilterBookEvent", "books"),
            _add("ADD_BOOK", "AddBookEvent", "book"),
            _buy("PURCHASE_BOOK", "PurchaseBookEvent", "book"),
            _login("LOGIN_BOOK", "LoginBookEvent"),
        ),
        _site(
            "autozone",
            8002,
            ("Folding Kettle 2L", "Desk Lamp 'Heron'", "Walnut Tray", "Trail Bottle", "Cable Box XL", "Wool Throw"),
            ("Kitchen", "Lighting", "Outdoor", "Office"),
            _detail("VIEW_DETAIL", "ViewDetailEvent", "product", "product"),
            _search("SEARCH_PRODUCT", "SearchProductEvent", "products"),
            _buy("ORDER_COMPLETED", "OrderCompletedEvent", "product"),
            _filter("CAROUSEL_SCROLL", "CarouselScrollEvent", "offers"),
        ),
        _site(
            "autodining",
            8003,
            ("Casa Três", "The Copper Ladle", "Miso & Moss", "Chez Odile", "Nonna's Corner", "Blue Pagoda"),
            ("Breakfast", "Seafood", "Vegan", "Grill"),
            _detail("VIEW_RESTAURANT", "ViewRestaurantEvent", "restaurant", "restaurant"),
            _search("SEARCH_RESTAURANT", "SearchRestaurantEvent", "restaurants"),
            _buy("BOOK_RESTAURANT", "BookRestaurantEvent", "table"),
            _filter("COUNTRY_SELECTED", "CountrySelectedEvent", "restaurants"),
            _contact("RESERVATION_COMPLETE", "ReservationCompleteEvent"),
        ),
        _site(
            "autoconnect",
            8008,
            ("Signal Engineer", "Data Gardener", "Ops Lead (night)", "QA Writer", "Fleet Planner", "UX Researcher"),
            ("Full-time", "Contract", "Remote", "Internship"),
            _detail("VIEW_JOB", "ViewJobEvent", "job", "jobs"),
            _search("SEARCH_JOBS", "SearchJobsEvent", "jobs"),
            _search("SEARCH_USERS", "SearchUsersEvent", "people"),
            _comment("COMMENT_ON_POST", "CommentOnPostEvent", "post"),
            _buy("APPLY_FOR_JOB", "ApplyForJobEvent", "position"),
        ),
        _site(
            "autodrive",
            8012,
            ("City Hopper", "Long Haul", "Van for six", "Night Shuttle", "Airport Direct", "Pier 4 Loop"),
            ("Economy", "Comfort", "Shared", "Electric"),
            _detail("VIEW_RIDE", "ViewRideEvent", "ride", "ride"),
            _search("SEARCH_LOCATION", "SearchLocationEvent", "stops"),
            _filter("SELECT_CAR", "SelectCarEvent", "cars"),
            _buy("RESERVE_RIDE", "ReserveRideEvent", "ride"),
        ),
    )
}
