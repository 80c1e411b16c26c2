"""Acts that begin with the choice of an item: open, delete, put into the cart, purchase; and search and filter."""

from score_model.arena.tasks import _form_values as people
from score_model.arena.tasks import _sentences as sentences
from score_model.arena.tasks._constrain import TEXT_OPERATORS, constrain
from score_model.arena.tasks._phrases import clauses, item_phrase, modifiers, thing
from score_model.arena.tasks._predicates import noun, predicate, value
from score_model.arena.tasks._scene import Drawn, Scene, item_constraints
from score_model.arena.tasks._task import Constraint, Step
from score_model.contract import Operator

_SEARCHED = 0.12  # of tasks to open a page, by way of the search
_SEVERAL = 0.25  # of purchases are of more than one copy
_FILTER_GENRE = (Operator.EQUALS, Operator.EQUALS, Operator.IN_LIST, Operator.NOT_IN_LIST)
_FILTER_YEAR = (
    Operator.EQUALS,
    Operator.EQUALS,
    Operator.GREATER_EQUAL,
    Operator.LESS_EQUAL,
    Operator.GREATER_THAN,
    Operator.LESS_THAN,
    Operator.IN_LIST,
    Operator.NOT_IN_LIST,
)


def choose(scene: Scene, act: str) -> Drawn:
    """An act on an item that is told by its fields."""
    draw, spec = scene.draw, scene.spec
    goal = draw.choice(scene.items)
    if act == "detail" and draw.random() < _SEARCHED:
        return _found_by_search(scene)
    constraints = item_constraints(scene, goal, spec.told_by, scene.count(4))
    phrase = item_phrase(draw, spec, constraints)
    seen_first = draw.choice(sentences.SEEN_FIRST[act]).format(a=phrase) if act in sentences.SEEN_FIRST else None
    return Drawn(
        constraints,
        Step(act, goal.id),
        draw.choice(sentences.ITEM_SENTENCES[act]).format(a=phrase),
        seen_first=seen_first,
    )


def purchase(scene: Scene) -> Drawn:
    """A book, or several copies of one, from the shelf to the paid order."""
    draw, spec = scene.draw, scene.spec
    goal = draw.choice(scene.items)
    several = draw.random() < _SEVERAL
    constraints = item_constraints(scene, goal, spec.told_by, scene.count(3 if several else 4))
    phrase = item_phrase(draw, spec, constraints)
    copies = draw.choice((2, 3)) if several else 1
    sentence = draw.choice(sentences.ITEM_SENTENCES["purchase"]).format(a=phrase)
    if several:
        constraints = (*constraints, Constraint("quantity", Operator.EQUALS, copies, "quantity"))
        sentence = draw.choice(sentences.SEVERAL_COPIES).format(q=copies, a=phrase)
    card = {
        "name": people.person(draw),
        "card": " ".join(f"{draw.randint(0, 9999):04d}" for _ in range(4)),
        "expiry": f"{draw.randint(1, 12):02d}/{draw.randint(27, 32)}",
        "cvc": f"{draw.randint(0, 999):03d}",
    }
    return Drawn(
        constraints,
        Step("purchase", goal.id, card),
        sentence,
        before=tuple(Step("cart", goal.id) for _ in range(copies)),
    )


def _found_by_search(scene: Scene) -> Drawn:
    draw = scene.draw
    goal = draw.choice(scene.items)
    name = goal.fields["name"]
    sentence = draw.choice(sentences.FOUND_BY_SEARCH).format(v=f"'{name}'", thing=thing(draw, scene.spec))
    return Drawn(
        (Constraint("name", Operator.EQUALS, name),),
        Step("detail", goal.id),
        sentence,
        before=(Step("search", form={"query": name}),),
    )


def search(scene: Scene) -> Drawn:
    """A search, by what its query is, contains or is not."""
    draw, spec = scene.draw, scene.spec
    names = [str(item.fields["name"]) for item in scene.items]
    query = draw.choice(names)
    others = [name for name in names if name != query]
    operators = (Operator.EQUALS, Operator.EQUALS, Operator.NOT_EQUALS, *TEXT_OPERATORS)
    constraint = constrain(draw, "query", query, others, operators, part="query")
    if constraint is None:
        constraint = Constraint("query", Operator.EQUALS, query, "query")
    wording: tuple[str, ...] = sentences.SEARCH_WHERE
    if constraint.operator is Operator.EQUALS:
        wording = draw.choice((sentences.SEARCH_EQUALS, sentences.SEARCH_EQUALS, wording))
    elif constraint.operator is Operator.NOT_EQUALS:
        wording = draw.choice((sentences.SEARCH_NOT_EQUALS, wording))
    one = thing(draw, spec)
    sentence = draw.choice(wording).format(
        thing=one,
        things=f"{one}s",
        v=value(draw, constraint),
        s=f"{noun(draw, 'query')} {predicate(draw, constraint)}",
    )
    return Drawn((constraint,), Step("search", form={"query": query}), sentence)


def filter_list(scene: Scene) -> Drawn:
    """A filter by genre, by year, or by both. What is filtered by is really in the list."""
    draw, spec = scene.draw, scene.spec
    goal = draw.choice(scene.items)
    asked = draw.choice((("genre",), ("genre",), ("year",), ("genre", "year"), ("genre", "year")))
    constraints: list[Constraint] = []
    form: dict[str, str] = {}
    if "genre" in asked:
        genre = draw.choice(goal.fields["genres"])
        others = [name for name in spec.genres if name != genre]
        made = constrain(draw, "genre", genre, others, _FILTER_GENRE, part="genre")
        constraints.append(made or Constraint("genre", Operator.EQUALS, genre, "genre"))
        form["genre"] = genre
    if "year" in asked:
        year = goal.fields["year"]
        years = sorted({item.fields["year"] for item in scene.items} - {year})
        made = constrain(draw, "year", year, years, _FILTER_YEAR, part="year")
        constraints.append(made or Constraint("year", Operator.EQUALS, year, "year"))
        form["year"] = str(year)
    things = f"{thing(draw, spec)}s"
    if draw.random() < 0.6 and not any(c.negated and c.field == "genre" for c in constraints):
        wording, hung = sentences.FILTER_HUNG, modifiers(draw, spec, constraints)
        sentence = draw.choice(wording).format(things=things, m=_plural(hung))
    else:
        sentence = draw.choice(sentences.FILTER_WHERE).format(things=things, c=clauses(draw, constraints))
    return Drawn(tuple(constraints), Step("filter", form=form), sentence)


def _plural(modifier: str) -> str:
    """A modifier of one thing, as it is said of several."""
    for one, many in (("that is ", "that are "), ("that was ", "that were "), ("that has ", "that have "),
                      ("that does ", "that do "), ("that belongs ", "that belong ")):  # fmt: skip
        modifier = modifier.replace(one, many)
    return modifier
