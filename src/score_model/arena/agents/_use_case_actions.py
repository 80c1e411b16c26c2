"""How each act is done on the pages: the moves that every scripted agent is made of."""

from collections.abc import Callable, Sequence

from score_model.arena.agents._action_writer import Hand
from score_model.arena.sites import SiteSpec
from score_model.arena.tasks import Step

_Move = Callable[[Hand, SiteSpec, Step], None]


def _search(hand: Hand, _spec: SiteSpec, step: Step) -> None:
    query = step.form.get("query", "")
    if hand.prefers_addresses():
        hand.decide()
        hand.visit("home", query={"search": query})
        return
    hand.goto("home")
    hand.fill("search.query", query)
    hand.submit("search.submit")


def _filter(hand: Hand, spec: SiteSpec, step: Step) -> None:
    genre, year = step.form.get("genre"), step.form.get("year", "")
    if hand.prefers_addresses():
        hand.decide()
        hand.visit("home", query={"genre": str(spec.genre_id(genre)) if genre else "", "year": year})
        return
    hand.goto("home")
    hand.fill_form("filter", step.form)
    hand.submit("filter.submit")


def _detail(hand: Hand, _spec: SiteSpec, step: Step) -> None:
    hand.open_item(step.item_id)


def _delete(hand: Hand, _spec: SiteSpec, step: Step) -> None:
    hand.goto("delete", step.item_id)
    hand.submit("delete.confirm")


def _comment(hand: Hand, _spec: SiteSpec, step: Step) -> None:
    hand.goto("item", step.item_id)
    hand.fill_form("comment", step.form)
    hand.submit("comment.submit")


def _form(page: str, form: str) -> _Move:
    def fill_and_send(hand: Hand, _spec: SiteSpec, step: Step) -> None:
        hand.goto(page, step.item_id)
        hand.fill_form(form, step.form)
        hand.submit(f"{form}.submit")

    return fill_and_send


def _login(hand: Hand, spec: SiteSpec, step: Step) -> None:
    _form("login", "login")(hand, spec, step)
    hand.signed_in = True


def _logout(hand: Hand, _spec: SiteSpec, _step: Step) -> None:
    hand.decide()
    if hand.prefers_addresses():
        hand.visit("logout")
    else:
        hand.follow("nav.logout", "logout")
    hand.signed_in = False
    hand.at = None


def _cart(hand: Hand, _spec: SiteSpec, step: Step) -> None:
    hand.goto("item", step.item_id)
    hand.decide()
    hand.press("cart.add", step.item_id)


def _purchase(hand: Hand, _spec: SiteSpec, step: Step) -> None:
    if hand.prefers_addresses():
        hand.visit("checkout", step.item_id)
    else:
        hand.goto("cart")
        hand.follow("cart.buy", "checkout", step.item_id)
    hand.fill_form("checkout", step.form)
    hand.submit("checkout.submit")


_MOVES: dict[str, _Move] = {
    "search": _search,
    "filter": _filter,
    "detail": _detail,
    "add": _form("add", "item"),
    "edit": _form("edit", "item"),
    "delete": _delete,
    "comment": _comment,
    "contact": _form("contact", "contact"),
    "register": _form("register", "register"),
    "login": _login,
    "logout": _logout,
    "profile": _form("profile", "profile"),
    "cart": _cart,
    "purchase": _purchase,
}


def perform(hand: Hand, spec: SiteSpec, steps: Sequence[Step]) -> None:
    """Let the hand do the acts one after another."""
    for step in steps:
        _MOVES[step.act](hand, spec, step)
