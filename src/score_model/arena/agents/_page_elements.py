"""What a page of the demo websites has to click and to fill, by the promises that both sites keep."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from score_model.arena.sites import Layout, SiteSpec, Visit
from score_model.contract.selectors import AttributeSelector, CssSelector, Selector, XPathSelector

ElementKind = Literal["link", "button", "text", "long_text", "select"]

FORMS: dict[str, str] = {
    "add": "item",
    "edit": "item",
    "item": "comment",
    "contact": "contact",
    "login": "login",
    "register": "register",
    "profile": "profile",
    "checkout": "checkout",
}  # pages and the form on each, by the first part of its logical names
FORM_FIELDS: dict[str, tuple[str, ...]] = {
    "comment": ("name", "content"),
    "contact": ("name", "email", "subject", "message"),
    "login": ("username", "password"),
    "register": ("username", "email", "password", "password2"),
    "profile": ("first_name", "last_name", "bio", "location", "website", "favorite_genre"),
    "checkout": ("name", "card", "expiry", "cvc"),
    "search": ("query",),
    "filter": ("genre", "year"),
}
_LONG = frozenset(("comment.content", "contact.message", "profile.bio", "item.desc"))
_SELECTS = frozenset(("item.genres", "profile.favorite_genre", "filter.genre", "filter.year"))

_BY_NAME = re.compile(r"""\[name=["']([^"']+)["']\]""")
_XPATH_ID = re.compile(r"""//\*\[@id=["']([^"']+)["']\]""")
_XPATH_TEXT = re.compile(r"""//(a|button)\[contains\(normalize-space\(\.\), (?:"([^"]*)"|'([^']*)')\)\]""")


@dataclass(frozen=True)
class Element:
    """One element: `name` is logical, `form_name` the name under which a field is sent, `href` where a link leads."""

    name: str
    kind: ElementKind
    id: str
    label: str
    item_id: int | None = None
    href: str | None = None
    form_name: str | None = None


def form_fields(spec: SiteSpec, form: str) -> tuple[str, ...]:
    """The fields of a form by its logical name, in the order of the page."""
    return spec.field_names if form == "item" else FORM_FIELDS[form]


def kind_of(name: str) -> ElementKind:
    """What kind of field has this logical name."""
    return "select" if name in _SELECTS else "long_text" if name in _LONG else "text"


def page_of_url(spec: SiteSpec, url: str) -> tuple[str, int | None, dict[str, str]]:
    """The page that an address opens (`missing` for none), its item, and the query."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    path = parts.path if parts.path.endswith("/") else f"{parts.path}/"
    for page, pattern in spec.paths.items():
        before, _, after = pattern.partition("{id}")
        if path == pattern:
            return page, None, query
        number = path[len(before) : len(path) - len(after)]
        if "{id}" in pattern and path.startswith(before) and path.endswith(after) and number.isdigit():
            return page, int(number), query
    return "missing", None, query


def elements_of(visit: Visit, page: str, item_id: int | None) -> list[Element]:
    """What is there to click and to fill; the navigation comes first."""
    spec, layout = visit.spec, visit.layout
    seed = f"?seed={layout.seed}"
    found: list[Element] = []

    def add(name: str, kind: ElementKind, item: int | None = None, href: str | None = None) -> None:
        sent = name.partition(".")[2] if kind not in ("link", "button") else None
        if name == "search.query" and not spec.client_rendered:
            sent = "search"  # its form is a plain GET of the home page
        found.append(Element(name, kind, _id(layout, name, item), layout.label(name), item, href, sent))

    def link(name: str, target: str, item: int | None = None) -> None:
        add(name, "link", item, spec.path(target, item) + seed)

    member = ("cart", "profile", "logout") if visit.username is not None else ("login", "register")
    for name in ("home", "add", "contact", *member):
        if name in spec.paths:
            link(f"nav.{name}", name)
    if page == "home":
        for form in ("search", "filter"):
            for field in FORM_FIELDS[form]:
                add(f"{form}.{field}", kind_of(f"{form}.{field}"))
            add(f"{form}.submit", "button")
    if page == "item":
        link("item.edit", "edit", item_id)
        link("item.delete", "delete", item_id)
        if "cart" in spec.paths and visit.username is not None:
            add("cart.add", "button", item_id)
    if page == "delete":
        add("delete.confirm", "button")
    if page in FORMS:
        form = FORMS[page]
        for field in form_fields(spec, form):
            add(f"{form}.{field}", kind_of(f"{form}.{field}"))
        add(f"{form}.submit", "button")
    return found


def card_links(visit: Visit, shown: list[int], name: str, target: str) -> list[Element]:
    """The links of a list of items: each opens its page, or starts its purchase."""
    layout = visit.layout
    return [
        Element(
            name,
            "link",
            _id(layout, name, number),
            layout.label(name),
            number,
            f"{visit.spec.path(target, number)}?seed={layout.seed}",
        )
        for number in shown
    ]


@lru_cache(maxsize=4096)
def _id(layout: Layout, name: str, item_id: int | None) -> str:
    return layout.element_id(name, item_id)


def find(elements: list[Element], selector: Selector | None) -> Element | None:
    """The first element that a selector finds; None if there is none."""
    return next((element for element in elements if _matches(element, selector)), None)


def _matches(element: Element, selector: Selector | None) -> bool:
    match selector:
        case AttributeSelector(attribute="id", value=value):
            return element.id == value.removeprefix("#")
        case AttributeSelector(attribute="href", value=value):
            return element.href is not None and element.href == value
        case AttributeSelector(attribute="name", value=value):
            return element.form_name is not None and element.form_name == value
        case AttributeSelector(attribute="placeholder", value=value):
            return element.kind in ("text", "long_text") and element.label == value
        case CssSelector(value=value):
            named = _BY_NAME.fullmatch(value)
            return value == f"#{element.id}" or (named is not None and element.form_name == named[1])
        case XPathSelector(value=value):
            if by_id := _XPATH_ID.fullmatch(value):
                return element.id == by_id[1]
            if by_text := _XPATH_TEXT.fullmatch(value):
                text = by_text[2] if by_text[2] is not None else by_text[3]
                return element.kind == {"a": "link", "button": "button"}[by_text[1]] and text in element.label
    return False
