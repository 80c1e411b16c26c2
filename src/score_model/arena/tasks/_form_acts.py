"""Acts that are a form: add, edit, comment, contact, profile, registration, login and logout."""

from collections.abc import Callable
from typing import Any

from score_model.arena.sites import Item
from score_model.arena.tasks import _people as people
from score_model.arena.tasks import _sentences as sentences
from score_model.arena.tasks._constrain import LONG_TEXT_OPERATORS, TEXT_OPERATORS, constrain
from score_model.arena.tasks._phrases import clauses, comment_clauses, item_phrase, message_clauses, thing
from score_model.arena.tasks._scene import USERNAME, Drawn, Scene, as_form, form_constraints, operators_of
from score_model.arena.tasks._task import Constraint, Step
from score_model.contract import Operator

_LONG = frozenset(("message", "content", "bio"))
_ACCOUNTS = ("newuser", "newmember", "guest", "visitor", "fan")
_PROFILE_OTHERS = 2  # fields that a profile's form gets beside those that are asked for


def add(scene: Scene) -> Drawn:
    """A new item with every field filled; some are asked for."""
    draw, spec = scene.draw, scene.spec
    pools = _item_pools(scene)
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
    pools = _item_pools(scene)
    del pools["name"]
    constraints, values = form_constraints(
        scene, pools, scene.count(3), lambda name: operators_of(spec, name), goal.fields
    )
    named = Constraint("name", Operator.EQUALS, goal.fields["name"])
    sentence = draw.choice(sentences.EDIT).format(
        a=item_phrase(draw, spec, [named]), c=clauses(draw, constraints, draw.choice(("its", "the")))
    )
    return Drawn((named, *constraints), Step("edit", goal.id, as_form(values)), sentence)


def comment(scene: Scene) -> Drawn:
    """A comment under an item that is told by its name, maker or year, or under any."""
    draw, spec = scene.draw, scene.spec
    goal = draw.choice(scene.items)
    kind = draw.choice(("item", "text", "both", "both"))
    pools: dict[str, Callable[[], Any]] = {
        "name": lambda: people.person(draw),
        "content": lambda: draw.choice(people.COMMENTS),
    }
    about = () if kind == "text" else _about(scene, goal)
    said, values = ((), {}) if kind == "item" else form_constraints(scene, pools, scene.count(2), _text_operators)
    form = as_form({name: pools[name]() for name in sorted(pools)} | values)
    one = thing(draw, spec)
    if kind == "text":
        sentence = draw.choice(sentences.COMMENT_ANY).format(thing=one, c=comment_clauses(draw, said))
    else:
        plain = [Constraint(c.field.partition("_")[2], c.operator, c.value) for c in about]
        phrase = item_phrase(draw, spec, plain)
        wording = sentences.COMMENT_BOTH if said else sentences.ITEM_SENTENCES["comment"]
        sentence = draw.choice(wording).format(a=phrase, c=comment_clauses(draw, said) if said else "")
    return Drawn((*about, *said), Step("comment", goal.id, form), sentence)


def contact(scene: Scene) -> Drawn:
    """A message through the contact form."""
    draw = scene.draw
    pools: dict[str, Callable[[], Any]] = {
        "name": lambda: people.person(draw),
        "email": lambda: people.address(draw),
        "subject": lambda: draw.choice(people.SUBJECTS),
        "message": lambda: draw.choice(people.MESSAGES),
    }
    constraints, values = form_constraints(scene, pools, scene.count(4), _text_operators)
    form = as_form({name: pools[name]() for name in sorted(pools)} | values)
    sentence = draw.choice(sentences.CONTACT).format(c=message_clauses(draw, constraints))
    return Drawn(constraints, Step("contact", form=form), sentence)


def profile(scene: Scene) -> Drawn:
    """The agent's own profile."""
    draw, spec = scene.draw, scene.spec
    pools: dict[str, Callable[[], Any]] = {
        "first_name": lambda: draw.choice(people.FIRST_NAMES),
        "last_name": lambda: draw.choice(people.LAST_NAMES),
        "bio": lambda: draw.choice(people.BIOS),
        "location": lambda: draw.choice(people.LOCATIONS),
        "website": lambda: draw.choice(people.WEBSITES),
        "favorite_genres": lambda: [draw.choice(spec.genres)],
    }
    constraints, values = form_constraints(scene, pools, scene.count(4), _text_operators)
    more = draw.sample(sorted(set(pools) - set(values) - {"favorite_genres"}), _PROFILE_OTHERS - len(values) // 4)
    form = as_form({name: pools[name]() for name in more} | values)
    if "favorite_genres" in form:
        form["favorite_genre"] = form.pop("favorite_genres")
    constraints = tuple(
        Constraint(c.field, c.operator, c.value, "favorite_genre") if c.part == "favorite_genres" else c
        for c in constraints
    )
    sentence = draw.choice(sentences.PROFILE).format(c=clauses(draw, constraints, "your"))
    return Drawn(constraints, Step("profile", form=form), sentence)


def register(scene: Scene) -> Drawn:
    """A new account of the agent's."""
    draw, spec = scene.draw, scene.spec
    username = f"{draw.choice(_ACCOUNTS)}<web_agent_id>"
    email = f"{username}@{draw.choice(people.MAIL_HOSTS)}"
    sentence = draw.choice(sentences.REGISTER).format(u=f"'{username}'", e=f"'{email}'", p=f"'{spec.password}'")
    form = {"username": username, "email": email, "password": spec.password, "password2": spec.password}
    constraints = (
        Constraint("username", Operator.EQUALS, username, "username"),
        Constraint("email", Operator.EQUALS, email, "email"),
    )
    return Drawn(constraints, Step("register", form=form), sentence)


def log_in(scene: Scene) -> Drawn:
    """The agent signs in."""
    return Drawn((_ITSELF,), scene.login, _signing(scene, sentences.LOGIN))


def log_out(scene: Scene) -> Drawn:
    """The agent signs in and out again."""
    return Drawn((_ITSELF,), Step("logout"), _signing(scene, sentences.LOGOUT))


_ITSELF = Constraint("username", Operator.EQUALS, USERNAME, "username")


def _signing(scene: Scene, wordings: tuple[str, ...]) -> str:
    return scene.draw.choice(wordings).format(u=f"'{USERNAME}'", p=f"'{scene.spec.password}'")


def _text_operators(name: str) -> tuple[Operator, ...]:
    return LONG_TEXT_OPERATORS if name in _LONG else TEXT_OPERATORS


def _about(scene: Scene, goal: Item) -> tuple[Constraint, ...]:
    """What tells the item of a comment: the event nests it under the site's own word."""
    draw, spec = scene.draw, scene.spec
    made: list[Constraint] = []
    fields = draw.sample(("name", "name", spec.creator, "year"), draw.choice((1, 1, 2)))
    for name in dict.fromkeys(fields):
        others = [item.fields[name] for item in scene.items if item.id != goal.id]
        field = f"{spec.comment_target}_{name}"
        constraint = constrain(draw, field, goal.fields[name], others, operators_of(spec, name))
        made.extend([constraint] if constraint else [])
    return tuple(made) or (Constraint(f"{spec.comment_target}_name", Operator.EQUALS, goal.fields["name"]),)


def _item_pools(scene: Scene) -> dict[str, Callable[[], Any]]:
    draw, spec = scene.draw, scene.spec
    pools: dict[str, Callable[[], Any]] = {
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
