"""The generator: tasks of every use case in turn, each satisfiable at its seed, with its text and its tests."""

from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from random import Random
from typing import Any
from uuid import UUID

from score_model.arena.sites import SITES, Layout, SiteSpec, catalog_of, find_site
from score_model.arena.sites.layout import FIRST_SEED, LAST_SEED
from score_model.arena.tasks import _form_acts as forms
from score_model.arena.tasks import _item_acts as items
from score_model.arena.tasks import _sentences as sentences
from score_model.arena.tasks._checks import add_checks
from score_model.arena.tasks._scene import USERNAME, Drawn, Scene
from score_model.arena.tasks._task import GeneratedTask, Step
from score_model.errors import UsageError

DEFAULT_START_US = 1_767_225_600_000_000  # 2026-01-01T00:00:00Z
_SPACING_US = 90_000_000  # between two tasks
_GUEST_LOGIN = 0.18  # of the tasks that need no login ask for one all the same

_ACTS: dict[str, Callable[[Scene], Drawn]] = {
    "search": items.search,
    "filter": items.filter_list,
    "detail": lambda scene: items.choose(scene, "detail"),
    "add": forms.add,
    "edit": forms.edit,
    "delete": lambda scene: items.choose(scene, "delete"),
    "comment": forms.comment,
    "contact": forms.contact,
    "register": forms.register,
    "login": forms.log_in,
    "logout": forms.log_out,
    "profile": forms.profile,
    "cart": lambda scene: items.choose(scene, "cart"),
    "purchase": items.purchase,
}
_OWN_SESSION = frozenset(("register", "login", "logout"))
_TITLES = {
    "search": "Search", "filter": "Filter the list", "detail": "Open a page", "add": "Add an entry",
    "edit": "Edit an entry", "delete": "Delete an entry", "comment": "Post a comment", "contact": "Write a message",
    "register": "Register", "login": "Log in", "logout": "Log out", "profile": "Edit the profile",
    "cart": "Fill the cart", "purchase": "Purchase",
}  # fmt: skip
_FORMS = frozenset(("add", "edit", "comment", "contact", "register", "login", "profile", "purchase"))


def generate_tasks(
    count: int, seed: int = 0, *, sites: Sequence[str] = tuple(SITES), created_us: int = DEFAULT_START_US
) -> Iterator[GeneratedTask]:
    """`count` tasks, every use case of the sites in turn; the first N are the same whatever the count.

    `created_us` is when the first was made, in µs since the epoch; the others follow at fixed distances.
    `sites` names websites of the arena or of plug-ins.
    Raises UsageError for a negative count, and for sites that are not there.
    """
    if count < 0:
        raise UsageError(f"the number of tasks must not be negative: {count}")
    if not sites:
        raise UsageError(f"tasks are made for {', '.join(SITES)}; not for: none")
    return _generate(count, seed, [find_site(name) for name in dict.fromkeys(sites)], created_us)


def _generate(count: int, seed: int, sites: Sequence[SiteSpec], created_us: int) -> Iterator[GeneratedTask]:
    specs = {spec.name: spec for spec in sites}
    kinds = [(site, act) for site in specs for act in specs[site].events]
    for number in range(count):
        turn, place = divmod(number, len(kinds))
        order = Random(f"arena tasks {seed} turn {turn}").sample(kinds, len(kinds))  # noqa: S311 - no secret
        site, act = order[place]
        draw = Random(f"arena tasks {seed} {site} {act} {number}")  # noqa: S311 - no secret
        draw_task = specs[site].draw_task or draw_catalog_task
        yield draw_task(draw, specs[site], act, created_us + number * _SPACING_US)


def draw_catalog_task(draw: Random, spec: SiteSpec, act: str, created_us: int) -> GeneratedTask:
    """Draw a task on one act of a website that is a catalog with forms."""
    seed = draw.randint(FIRST_SEED, LAST_SEED)
    layout = Layout(spec.name, seed)
    scene = Scene(draw, spec, layout, catalog_of(layout))
    drawn = _ACTS[act](scene)
    steps: list[Step] = [*drawn.before, drawn.step]
    sentence = drawn.sentence
    signs_in = act in spec.login_for or act == "logout" or (act not in _OWN_SESSION and draw.random() < _GUEST_LOGIN)
    if signs_in:
        steps.insert(0, scene.login)
    checked = add_checks(scene, act, drawn, signs_in=signs_in)
    sentence = checked.sentence
    steps = [*steps[:-1], *checked.between, steps[-1], *checked.after]
    if signs_in and act != "logout":
        prefix = draw.choice(sentences.SIGNED_IN)
        sentence = prefix.format(u=f"'{USERNAME}'", p=f"'{spec.password}'", main=sentence)
    if checked.after and checked.after[-1].act == "logout":
        sentence = draw.choice(sentences.SIGNED_OUT).format(main=sentence)
    intent = _finished(draw, sentence)
    main = steps.index(drawn.step)
    return GeneratedTask(
        id=_identity(created_us, seed, intent),
        spec=spec,
        use_case=spec.events[act],
        intent=intent,
        title=f"{spec.title}: {_TITLES[act].lower()}",
        seed=seed,
        tests=checked.tests,
        constraints=drawn.constraints,
        goal=tuple(steps),
        main=main,
        difficulty=_difficulty(len(drawn.constraints), steps),
        tags=_tags(drawn, steps),
        created_us=created_us,
    )


def _finished(draw: Random, sentence: str) -> str:
    """The sentence with a capital and, more often than not, a full stop."""
    sentence = sentence[0].upper() + sentence[1:]
    return sentence + "." if draw.random() < 0.6 or ". " in sentence else sentence


def _identity(created_us: int, seed: int, intent: str) -> str:
    digest = blake2b(f"{created_us}\n{seed}\n{intent}".encode(), digest_size=16).digest()
    return str(UUID(bytes=digest, version=4))


def _difficulty(constraints: int, steps: Sequence[Step]) -> str:
    """`e`, `m` or `h`, by how much there is to do and to mind."""
    weight = constraints + 2 * (len(steps) - 1)
    return "e" if weight <= 2 else "m" if weight <= 5 else "h"


def _tags(drawn: Drawn, steps: Sequence[Step]) -> tuple[str, ...]:
    tags: dict[str, Any] = {
        "forms": any(step.act in _FORMS for step in steps),
        "navigation": any(step.item_id is not None for step in steps),
        "login": any(step.act == "login" for step in steps),
        "negation": any(constraint.negated for constraint in drawn.constraints),
        "numbers": any(isinstance(constraint.value, int | float) for constraint in drawn.constraints),
        "several_steps": len(steps) > 1,
    }
    return tuple(name for name, holds in tags.items() if holds)
