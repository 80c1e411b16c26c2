"""Acts that are a form: add, edit, comment, contact, profile, registration, login and logout."""

from typing import Any

from score_model.arena.sites import Item
from score_model.arena.tasks import _sentences as sentences
from score_model.arena.tasks._constrain import LONG_TEXT_OPERATORS, TEXT_OPERATORS, constrain, meets_constraint
from score_model.arena.tasks._form_values import Pools, account, account_address, as_form, form_pools
from score_model.arena.tasks._phrases import clauses, comment_clauses, item_phrase, message_clauses, thing
from score_model.arena.tasks._scene import USERNAME, Drawn, Scene, form_constraints, operators_of
from score_model.arena.tasks._task import Step, TaskConstraint
from score_model.contract import Operator

_LONG = frozenset(("message", "content", "bio"))
_PROFILE_OTHERS = 2  # fields that a profile's form gets beside those that are asked for


def add(scene: Scene) -> Drawn:
    """A new item with every field filled; some are asked for."""
    draw, spec = scene.draw, scene.spec
    pools = form_pools(draw, spec, "add")
    constraints, values = form_constraints(scene, pools, scene.count(4), lambda name: operators_of(spec, name))
    form = as_form({name: pools[name]() for name in sorted(pools)} | values)
    slug = form["name"].lower().replace(" ", "-")
    form["trailer_url"] = f"https://trailers.example/new/{slug}"
    phrase = item_phrase(draw, spec, constraints)
    sentence = draw.choice(sentences.ITEM_SENTENCES["add"]).format(a=phrase)
    return Drawn(constraints, Step("add", form=form), sentence)


def edit(scene: Scene) -> Drawn:
    """One named item gets other values in some fields."""
    draw, spec = scene.draw, scene.spec
    goal = draw.choice(scene.items)
    pools = form_pools(draw, spec, "edit")
    del pools["name"]
    constraints, values = form_constraints(
        scene, pools, scene.count(3), lambda name: operators_of(spec, name), goal.fields
    )
    named = TaskConstraint("name", Operator.EQUALS, goal.fields["name"])
    sentence = draw.choice(sentences.EDIT).format(
        a=item_phrase(draw, spec, [named]), c=clauses(draw, constraints, draw.choice(("its", "the")))
    )
    return Drawn((named, *constraints), Step("edit", goal.id, as_form(values)), sentence)


def comment(scene: Scene) -> Drawn:
    """A comment under an item that is told by its name, maker or year, or under any."""
    draw, spec = scene.draw, scene.spec
    goal = draw.choice(scene.items)
    kind = draw.choice(("item", "text", "both", "both"))
    pools = form_pools(draw, spec, "comment")
    about = () if kind == "text" else _about(scene, goal)
    said, values = ((), {}) if kind == "item" else form_constraints(scene, pools, scene.count(2), _text_operators)
    form = as_form({name: pools[name]() for name in sorted(pools)} | values)
    one = thing(draw, spec)
    if kind == "text":
        sentence = draw.choice(sentences.COMMENT_ANY).format(thing=one, c=comment_clauses(draw, said))
    else:
        plain = [TaskConstraint(c.field.partition("_")[2], c.operator, c.value) for c in about]
        phrase = item_phrase(draw, spec, plain)
        wording = sentences.COMMENT_BOTH if said else sentences.ITEM_SENTENCES["comment"]
        sentence = draw.choice(wording).format(a=phrase, c=comment_clauses(draw, said) if said else "")
    return Drawn((*about, *said), Step("comment", goal.id, form), sentence)


def contact(scene: Scene) -> Drawn:
    """A message through the contact form."""
    draw = scene.draw
    pools = form_pools(draw, scene.spec, "contact")
    constraints, values = form_constraints(scene, pools, scene.count(4), _text_operators)
    form = as_form({name: pools[name]() for name in sorted(pools)} | values)
    sentence = draw.choice(sentences.CONTACT).format(c=message_clauses(draw, constraints))
    return Drawn(constraints, Step("contact", form=form), sentence)


def profile(scene: Scene) -> Drawn:
    """The agent's own profile."""
    draw, spec = scene.draw, scene.spec
    pools = form_pools(draw, spec, "profile")
    constraints, values = _asked_of_a_profile(scene, pools)
    more = draw.sample(sorted(set(pools) - set(values) - {"favorite_genres"}), _PROFILE_OTHERS - len(values) // 4)
    form = as_form({name: pools[name]() for name in more} | values)
    if "favorite_genres" in form:
        form["favorite_genre"] = form.pop("favorite_genres")
    constraints = tuple(
        TaskConstraint(c.field, c.operator, c.value, "favorite_genre") if c.part == "favorite_genres" else c
        for c in constraints
    )
    sentence = draw.choice(sentences.PROFILE).format(c=clauses(draw, constraints, "your"))
    return Drawn(constraints, Step("profile", form=form), sentence)


def _asked_of_a_profile(scene: Scene, pools: Pools) -> tuple[tuple[TaskConstraint, ...], dict[str, Any]]:
    """Constraints of which at least one is not met by saving a profile that has nothing in it."""
    while True:
        constraints, values = form_constraints(scene, pools, scene.count(4), _text_operators)
        empty = {name: [] if name == "favorite_genres" else "" for name in pools}
        if any(not meets_constraint(constraint, empty) for constraint in constraints):
            return constraints, values


def register(scene: Scene) -> Drawn:
    """A new account of the agent's."""
    draw, spec = scene.draw, scene.spec
    username = account(draw)
    email = account_address(draw, username)
    sentence = draw.choice(sentences.REGISTER).format(u=f"'{username}'", e=f"'{email}'", p=f"'{spec.password}'")
    form = {"username": username, "email": email, "password": spec.password, "password2": spec.password}
    constraints = (
        TaskConstraint("username", Operator.EQUALS, username, "username"),
        TaskConstraint("email", Operator.EQUALS, email, "email"),
    )
    return Drawn(constraints, Step("register", form=form), sentence)


def log_in(scene: Scene) -> Drawn:
    """The agent signs in."""
    return Drawn((_ITSELF,), scene.login, _signing(scene, sentences.LOGIN))


def log_out(scene: Scene) -> Drawn:
    """The agent signs in and out again."""
    return Drawn((_ITSELF,), Step("logout"), _signing(scene, sentences.LOGOUT))


_ITSELF = TaskConstraint("username", Operator.EQUALS, USERNAME, "username")


def _signing(scene: Scene, wordings: tuple[str, ...]) -> str:
    return scene.draw.choice(wordings).format(u=f"'{USERNAME}'", p=f"'{scene.spec.password}'")


def _text_operators(name: str) -> tuple[Operator, ...]:
    return LONG_TEXT_OPERATORS if name in _LONG else TEXT_OPERATORS


def _about(scene: Scene, goal: Item) -> tuple[TaskConstraint, ...]:
    """What tells the item of a comment: the event nests it under the site's own word."""
    draw, spec = scene.draw, scene.spec
    made: list[TaskConstraint] = []
    fields = draw.sample(("name", "name", spec.creator, "year"), draw.choice((1, 1, 2)))
    for name in dict.fromkeys(fields):
        others = [item.fields[name] for item in scene.items if item.id != goal.id]
        field = f"{spec.comment_target}_{name}"
        constraint = constrain(draw, field, goal.fields[name], others, operators_of(spec, name))
        made.extend([constraint] if constraint else [])
    return tuple(made) or (TaskConstraint(f"{spec.comment_target}_name", Operator.EQUALS, goal.fields["name"]),)
