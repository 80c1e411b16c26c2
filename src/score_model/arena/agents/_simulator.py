"""A browser and a website in thought: which backend events a list of actions will cause.

The acts are the sites' own code; the pages are modelled by what they promise to agents. Nothing here is asynchronous,
so the prediction holds for a replay that lets each action come to rest.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from score_model.arena.agents._page_elements import (
    FORMS,
    Element,
    card_links,
    elements_of,
    find,
    form_fields,
    kind_of,
    page_of_url,
)
from score_model.arena.sites import Layout, SiteSpec, Visit
from score_model.arena.sites import use_cases as acts
from score_model.arena.sites.layout import DEFAULT_SEED, seed_of
from score_model.arena.sites.request import Refusal, SiteEvent
from score_model.arena.sites.state import SiteState
from score_model.checks import BackendEvent
from score_model.contract import Action, parse_actions
from score_model.contract import actions as a
from score_model.contract.placeholders import fill_action

_NOW = "2026-01-01T00:00:00Z"
_SESSION = "session"


def predict(spec: SiteSpec, actions: Sequence[Any], agent_id: str) -> list[BackendEvent]:
    """The backend events of recorded actions, oldest first; `agent_id` (such as "77") takes the placeholders' place."""
    browser = _Browser(spec, agent_id)
    for action in parse_actions(actions):
        browser.perform(fill_action(action, agent_id))
    return browser.events


class _Browser:
    """One tab and one visitor's state of the site."""

    def __init__(self, spec: SiteSpec, agent_id: str) -> None:
        self.events: list[BackendEvent] = []
        self._visit = Visit(spec, Layout(spec.name, DEFAULT_SEED), SiteState(), agent_id, _NOW)
        self._page = "blank"
        self._item_id: int | None = None
        self._query: dict[str, str] = {}
        self._listed: list[int] = []
        self._values: dict[str, str | list[str]] = {}
        self._focus: Element | None = None
        self._history: list[str] = []
        self._there: list[Element] | None = None  # what the page has, until the page or the visitor changes

    def perform(self, action: Action) -> None:
        """Do one action; one that finds nothing to work on changes nothing."""
        match action:
            case a.Navigate(url=str(url)):
                self._open(url)
            case a.Navigate(go_back=True) | a.GoBack():
                if len(self._history) > 1:
                    self._history.pop()
                    self._open(self._history.pop())
            case a.Click(selector=selector) if element := find(self._elements(), selector):
                self._click(element)
            case a.Type(text=str(text), selector=selector) if element := find(self._elements(), selector):
                if element.kind in ("text", "long_text"):
                    self._focus = element
                    self._values[element.name] = text
            case a.SelectOption(text=str(text), selector=selector) if element := find(self._elements(), selector):
                chosen = self._option(element, text) if element.kind == "select" else None
                if chosen is not None:
                    self._values[element.name] = chosen
            case a.SendKeys(keys="Enter") if self._focus is not None and self._focus.kind == "text":
                self._submit(self._focus.name.partition(".")[0])
            case _:
                pass

    def _elements(self) -> list[Element]:
        if self._there is None:
            self._there = [] if self._page == "blank" else elements_of(self._visit, self._page, self._item_id)
            if self._page == "home":
                self._there += card_links(self._visit, self._listed, "item.open", "item")
            if self._page == "cart":
                self._there += card_links(self._visit, self._listed, "cart.buy", "checkout")
        return self._there

    def _open(self, url: str) -> None:
        if not url.startswith((self._visit.spec.origin + "/", "/")):
            return
        seed = seed_of(dict(parse_qsl(urlsplit(url).query)).get("seed"))
        if seed is not None:
            self._visit.layout = Layout(self._visit.spec.name, seed)
        self._history.append(url)
        self._show(*page_of_url(self._visit.spec, url))

    def _show(self, page: str, item_id: int | None = None, query: dict[str, str] | None = None) -> None:
        """Open a page, with the act that opening it is."""
        visit, spec = self._visit, self._visit.spec
        if page == "logout":
            done = acts.log_out(visit, _SESSION)
            self._record(done)
            page = "login" if isinstance(done, Refusal) and not spec.client_rendered else "home"
        members_only = page in ("profile", "cart", "checkout") or page in ("add", "edit", "delete")
        if members_only and not visit.may({"checkout": "purchase"}.get(page, page)):
            page, item_id = "login", None
        if item_id is not None and visit.item(item_id) is None:
            page = "missing"
        if page == "checkout" and item_id not in visit.state.carts.get(str(visit.username), []):
            page = "missing"
        self._page, self._item_id, self._query, self._focus = page, item_id, query or {}, None
        if page == "item" and item_id is not None:
            self._record(acts.view(visit, item_id))
        if page == "home":
            self._list()
        if page == "cart":
            self._listed = list(dict.fromkeys(visit.state.carts.get(str(visit.username), [])))
        self._values = self._given()
        self._there = None

    def _list(self) -> None:
        query, event = self._query, None
        found = self._visit.items()
        if query.get("search", "").strip():
            found, event = acts.search(self._visit, query["search"])
        elif query.get("genre") or query.get("year"):
            found, event = acts.filter_items(self._visit, query.get("genre", ""), query.get("year", ""))
        if event is not None:
            self._record(event)
        self._listed = [item.id for item in found]

    def _given(self) -> dict[str, str | list[str]]:
        """What the page's fields hold before anything is typed."""
        visit = self._visit
        if self._page == "home":
            query = self._query
            narrowed = {} if query.get("search", "").strip() else query
            return {
                "search.query": query.get("search", ""),
                "filter.genre": narrowed.get("genre", ""),
                "filter.year": narrowed.get("year", ""),
            }
        if self._page == "edit" and self._item_id is not None and (item := visit.item(self._item_id)) is not None:
            shown = {name: "" if value is None else value for name, value in item.fields.items()}
            return {f"item.{name}": value if isinstance(value, list) else str(value) for name, value in shown.items()}
        if self._page == "profile" and (user := visit.user) is not None:
            given = {f"profile.{name}": str(getattr(user, name)) for name in form_fields(visit.spec, "profile")[:-1]}
            return {**given, "profile.favorite_genre": list(user.favorite_genres)}
        return {}

    def _option(self, element: Element, text: str) -> str | None:
        """The option that a drop-down offers under this text: by its whole label, else by a part of it."""
        if element.name == "filter.year":
            options = [str(item.fields["year"]) for item in self._visit.items()]
        else:
            options = list(self._visit.spec.genres)
        wanted = text.strip().lower()
        whole = (option for option in options if option.lower() == wanted)
        part = (option for option in options if wanted and wanted in option.lower())
        return next(whole, None) or next(part, None)

    def _click(self, element: Element) -> None:
        self._focus = element if element.kind != "link" else None
        if element.href is not None:
            self._open(element.href)
        elif element.name == "cart.add" and element.item_id is not None:
            self._record(acts.add_to_cart(self._visit, element.item_id))
        elif element.kind == "button":
            self._submit(element.name.partition(".")[0])

    def _submit(self, form: str) -> None:
        visit, page, item_id = self._visit, self._page, self._item_id
        if form == "search":
            self._show("home", query={"search": str(self._values.get("search.query", ""))})
            return
        if form == "filter":
            self._show("home", query={name: str(self._values.get(f"filter.{name}", "")) for name in ("genre", "year")})
            return
        sent = self._sent(form)
        done = self._do(page, item_id, sent)
        self._record(done)
        if isinstance(done, Refusal):
            if done.status == 401 and page != "login":
                self._show("login")
            return
        match page:
            case "add" | "edit":
                self._show("item", done.data["id"])
            case "delete" | "login" | "register":
                self._show("home")
            case "checkout":
                self._show("cart")
            case "item" if not visit.spec.client_rendered:
                self._show("item", item_id)  # the page is opened again to show the comment
            case "item" | "contact":
                self._values = {}

    def _sent(self, form: str) -> dict[str, list[str]]:
        names = () if form == "delete" else form_fields(self._visit.spec, form)
        values = {name: self._values.get(f"{form}.{name}", []) for name in names}
        return {
            name: value if isinstance(value, list) else [value]
            for name, value in values.items()
            if value or kind_of(f"{form}.{name}") != "select"
        }

    def _do(self, page: str, item_id: int | None, sent: dict[str, list[str]]) -> SiteEvent | Refusal:
        visit = self._visit
        if item_id is not None:
            match page:
                case "edit":
                    return acts.edit_item(visit, item_id, sent)
                case "delete":
                    return acts.delete_item(visit, item_id)
                case "item":
                    return acts.add_comment(visit, item_id, sent)
                case "checkout":
                    return acts.purchase(visit, item_id, sent)
        match page:
            case "add":
                return acts.add_item(visit, sent)
            case "contact":
                return acts.send_message(visit, sent)
            case "register":
                return acts.register(visit, sent)
            case "profile":
                return acts.edit_profile(visit, sent)
            case "login":
                return acts.log_in(visit, sent, _SESSION)
        raise AssertionError(f"no form is submitted on the page {page!r}; pages with forms: {sorted(FORMS)}")

    def _record(self, done: SiteEvent | Refusal) -> None:
        if isinstance(done, SiteEvent):
            self.events.append(BackendEvent(done.name, done.data))
