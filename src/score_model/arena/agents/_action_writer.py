"""The action writer of a scripted agent: from what it wants to do on a page to recorded actions, in its own style."""

from collections.abc import Mapping
from random import Random
from typing import Any
from urllib.parse import urlencode

from score_model.arena.agents._page_elements import form_fields, kind_of
from score_model.arena.agents._style import Style, selector
from score_model.arena.sites import Layout, SiteSpec
from score_model.contract.placeholders import fill_placeholders

Action = dict[str, Any]
_SELECT_TIMEOUT_MS = 1000
_WAIT_TIMEOUT_S = 5.0


class ActionWriter:
    """Writes `actions`. `decisive` has, for each act, the index of the action that brings it about.

    Addresses carry `seed`; ids and labels are those of `layout`, which a stale agent takes from another seed.
    """

    def __init__(self, spec: SiteSpec, layout: Layout, seed: int, style: Style, draw: Random, own_name: str) -> None:
        self.actions: list[Action] = []
        self.decisive: list[int] = []
        self.signed_in = False
        self.at: tuple[str, int | None] | None = None
        self._spec, self._layout, self._seed = spec, layout, seed
        self._style, self._draw, self._own_name = style, draw, own_name

    def goto(self, page: str, item_id: int | None = None, query: Mapping[str, str] | None = None) -> None:
        """Be on a page: by its address, or for some hands by the links that lead there."""
        if self.at == (page, item_id) and not query:
            return
        through = self._draw.random() < self._style.clicks_through
        if not query and through and self._by_links(page, item_id):
            return
        self.visit(page, item_id, query)

    def visit(self, page: str, item_id: int | None = None, query: Mapping[str, str] | None = None) -> None:
        """Go to a page by its address."""
        path = self._spec.path(page, item_id)
        if not self._style.ends_with_slash and len(path) > 1:
            path = path.removesuffix("/")
        url = f"{self._spec.origin}{path}?{urlencode({**(query or {}), 'seed': self._seed})}"
        self._act("navigate", url=url, go_back=False, go_forward=False)
        self.at = (page, item_id) if not query else None

    def back(self) -> None:
        """One step back in history."""
        self._act("navigate", url=None, go_back=True, go_forward=False)
        self.at = None

    def prefers_addresses(self) -> bool:
        """Whether this agent would rather name an address than click and fill, this time."""
        return self._draw.random() >= max(self._style.clicks_through, 0.5)

    def open_item(self, item_id: int | None) -> None:
        """Open an item's page, as an act of its own."""
        before = len(self.actions)
        self.at = None
        self.goto("item", item_id)
        opening = ("navigate", "click")
        last = max(index for index in range(before, len(self.actions)) if self.actions[index]["type"] in opening)
        self.decisive.append(last)

    def fill(self, name: str, text: str) -> None:
        """Type a text into a field, or choose it from a list."""
        where = self._where(name, "select" if kind_of(name) == "select" else "input", self._style.field_ways)
        if self._style.says_own_name:
            text = fill_placeholders(text, self._own_name)
        if kind_of(name) == "select":
            self._act("selectdropdownoption", text=text, selector=where, timeout_ms=_SELECT_TIMEOUT_MS)
        else:
            self._act("input", text=text, selector=where)

    def fill_form(self, form: str, texts: Mapping[str, str]) -> None:
        """Fill the fields that there are texts for, in the order of the page."""
        for field in form_fields(self._spec, form):
            if field in texts:
                self.fill(f"{form}.{field}", texts[field])

    def press(self, name: str, item_id: int | None = None) -> None:
        """Click a button."""
        self._act("click", selector=self._where(name, "button", self._style.button_ways, item_id))
        self._wait(always=self._spec.client_rendered)

    def follow(self, name: str, page: str, item_id: int | None = None) -> None:
        """Click a link that leads to a page. One of many alike goes by its id or its address."""
        href = f"{self._spec.path(page, item_id)}?seed={self._seed}"
        where = self._where(name, "a", self._style.link_ways, item_id, href)
        self._act("click", selector=where)
        self._wait(always=self._spec.client_rendered)
        self.at = (page, item_id)

    def submit(self, name: str) -> None:
        """Send a form that has been filled, as the last thing that an act needs: by its button or with Enter."""
        self.decide()
        last = self.actions[-1]
        if self._style.presses_enter and name == "search.submit" and last["type"] == "input":
            self._act("input", keys="Enter")
            self._wait(always=self._spec.client_rendered)
        else:
            self.press(name)
        self.at = None

    def decide(self) -> None:
        """The next action brings the act about."""
        self.decisive.append(len(self.actions))

    def idle(self, kind: str) -> None:
        """Something that changes nothing: a scroll, or a dead click on a heading or on what is not there."""
        match kind:
            case "scroll":
                amount = 100 * self._draw.randint(1, 6)
                self._act("scroll", value=amount, up=False, down=True, left=False, right=False)
            case "heading":
                self._act("click", selector=_custom("h1"))
            case "missing text":
                words = self._draw.choice(("Accept all cookies", "Skip the tour", "Close this banner", "Maybe later"))
                text = f"//button[contains(normalize-space(.), '{words}')]"
                self._act("click", selector={"type": "xpathSelector", "value": text, "case_sensitive": False})
            case _:
                gone = self._draw.choice(("cookie-banner-close", "promo-dismiss", "newsletter-later", "sidebar-toggle"))
                value = {"type": "attributeValueSelector", "value": gone, "attribute": "id", "case_sensitive": False}
                self._act("click", selector=value)

    def _by_links(self, page: str, item_id: int | None) -> bool:
        """Follow links to a page, if links lead there from where everybody is let in."""
        if page == "item":
            if self.at != ("home", None):
                self.visit("home")
            self.follow("item.open", "item", item_id)
            return True
        if page in ("edit", "delete") and self.at == ("item", item_id):
            self.follow(f"item.{page}", page, item_id)
            return True
        for_members = page in ("profile", "logout", "cart")
        if page in ("add", "contact") or (for_members and self.signed_in) or page in ("login", "register"):
            if not self.actions:
                self.visit("home")
            self.follow(f"nav.{page}", page)
            return True
        return False

    def _where(
        self, name: str, tag: str, ways: tuple[str, ...], item_id: int | None = None, href: str | None = None
    ) -> dict[str, Any]:
        way = self._draw.choice(ways)
        one_of_many = name in ("item.open", "cart.buy")
        if one_of_many and way == "text":
            way = "id"
        sent = name.partition(".")[2]
        if name == "search.query":
            way = "id" if way in ("name", "css") else way  # the sites send it under different names
        return selector(
            way,
            element_id=self._layout.element_id(name, item_id),
            label=self._layout.label(name),
            href=href,
            name=sent,
            tag=tag,
        )

    def _wait(self, *, always: bool) -> None:
        if always or self._draw.random() < self._style.waits:
            seconds = max(self._style.pause, 0.3) if always else self._style.pause
            self._act("wait", time_seconds=seconds, timeout_seconds=_WAIT_TIMEOUT_S)

    def _act(self, kind: str, **attributes: Any) -> None:
        self.actions.append({"type": kind, "attributes": attributes})


def _custom(css: str) -> dict[str, Any]:
    return {"type": "attributeValueSelector", "value": css, "attribute": "custom", "case_sensitive": False}
