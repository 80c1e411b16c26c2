"""How each act is done on the pages: the moves that every scripted agent is made of."""

from collections.abc import Callable, Sequence

from score_model.arena.agents._action_writer import ActionWriter
from score_model.arena.sites import SiteSpec
from score_model.arena.tasks import Step

_Move = Callable[[ActionWriter, SiteSpec, Step], None]


def _search(writer: ActionWriter, _spec: SiteSpec, step: Step) -> None:
    query = step.form.get("query", "")
    if writer.prefers_addresses():
        writer.decide()
        writer.visit("home", query={"search": query})
        return
    writer.goto("home")
    writer.fill("search.query", query)
    writer.submit("search.submit")


def _filter(writer: ActionWriter, spec: SiteSpec, step: Step) -> None:
    genre, year = step.form.get("genre"), step.form.get("year", "")
    if writer.prefers_addresses():
        writer.decide()
        writer.visit("home", query={"genre": str(spec.genre_id(genre)) if genre else "", "year": year})
        return
    writer.goto("home")
    writer.fill_form("filter", step.form)
    writer.submit("filter.submit")


def _detail(writer: ActionWriter, _spec: SiteSpec, step: Step) -> None:
    writer.open_item(step.item_id)


def _delete(writer: ActionWriter, _spec: SiteSpec, step: Step) -> None:
    writer.goto("delete", step.item_id)
    writer.submit("delete.confirm")


def _comment(writer: ActionWriter, _spec: SiteSpec, step: Step) -> None:
    writer.goto("item", step.item_id)
    writer.fill_form("comment", step.form)
    writer.submit("comment.submit")


def _form(page: str, form: str) -> _Move:
    def fill_and_send(writer: ActionWriter, _spec: SiteSpec, step: Step) -> None:
        writer.goto(page, step.item_id)
        writer.fill_form(form, step.form)
        writer.submit(f"{form}.submit")

    return fill_and_send


def _login(writer: ActionWriter, spec: SiteSpec, step: Step) -> None:
    _form("login", "login")(writer, spec, step)
    writer.signed_in = True


def _logout(writer: ActionWriter, _spec: SiteSpec, _step: Step) -> None:
    writer.decide()
    if writer.prefers_addresses():
        writer.visit("logout")
    else:
        writer.follow("nav.logout", "logout")
    writer.signed_in = False
    writer.at = None


def _cart(writer: ActionWriter, _spec: SiteSpec, step: Step) -> None:
    writer.goto("item", step.item_id)
    writer.decide()
    writer.press("cart.add", step.item_id)


def _purchase(writer: ActionWriter, _spec: SiteSpec, step: Step) -> None:
    if writer.prefers_addresses():
        writer.visit("checkout", step.item_id)
    else:
        writer.goto("cart")
        writer.follow("cart.buy", "checkout", step.item_id)
    writer.fill_form("checkout", step.form)
    writer.submit("checkout.submit")


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


def perform(writer: ActionWriter, spec: SiteSpec, steps: Sequence[Step]) -> None:
    """Write the acts one after another."""
    for step in steps:
        _MOVES[step.act](writer, spec, step)
