"""Forms as templates draw them: fields with their ids, labels, values and problems."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from score_model.arena.sites import Item, Layout, SiteSpec
from score_model.arena.sites.forms import Form, text_of
from score_model.arena.sites.request import Refusal
from score_model.arena.sites.spec import MOST_TEXT
from score_model.arena.sites.state import User

FieldKind = Literal["text", "email", "url", "password", "numeric", "decimal", "long_text", "select", "multiple"]
Options = tuple[tuple[str, str], ...]  # value and text

_ITEM_KINDS: dict[str, FieldKind] = {
    "text": "text",
    "long_text": "long_text",
    "integer": "numeric",
    "decimal": "decimal",
    "genres": "multiple",
    "url": "url",
}


@dataclass(frozen=True)
class FieldView:
    """One field. `values` has more than one value only in a multiple choice."""

    id: str
    name: str
    label: str
    kind: FieldKind
    values: tuple[str, ...]
    options: Options = ()
    problem: str | None = None
    required: bool = False
    autocomplete: str | None = None
    most: int | None = None

    @property
    def value(self) -> str:
        """The value of a field that has one."""
        return self.values[-1] if self.values else ""


@dataclass(frozen=True)
class FormView:
    """A whole form; `name` is the first part of its logical names, `problem` concerns the page as a whole."""

    name: str
    fields: tuple[FieldView, ...]
    submit_id: str
    submit_label: str
    problem: str | None = None

    @property
    def refused(self) -> tuple[FieldView, ...]:
        """The fields that were not in order."""
        return tuple(field for field in self.fields if field.problem)


# What each plain form asks for: kind, whether it is required, and the browser's autocomplete token.
_Asked = tuple[str, FieldKind, bool, str | None]
_PLAIN: dict[str, tuple[_Asked, ...]] = {
    "comment": (("name", "text", True, "name"), ("content", "long_text", True, None)),
    "contact": (
        ("name", "text", True, "name"),
        ("email", "email", True, "email"),
        ("subject", "text", True, None),
        ("message", "long_text", True, None),
    ),
    "login": (("username", "text", True, "username"), ("password", "password", True, "current-password")),
    "register": (
        ("username", "text", True, "username"),
        ("email", "email", True, "email"),
        ("password", "password", True, "new-password"),
        ("password2", "password", True, "new-password"),
    ),
    "profile": (
        ("first_name", "text", False, "given-name"),
        ("last_name", "text", False, "family-name"),
        ("location", "text", False, "address-level2"),
        ("website", "text", False, "url"),
        ("bio", "long_text", False, None),
        ("favorite_genre", "select", False, None),
    ),
}


def plain_form(spec: SiteSpec, layout: Layout, name: str, form: Form, refusal: Refusal | None = None) -> FormView:
    """One of the forms that are not about an item's own fields."""
    problems = refusal.problems if refusal else {}
    chosen = (("", "No favourite"), *genre_options(spec))
    return _form(
        layout,
        name,
        tuple(
            _field(
                layout,
                f"{name}.{part}",
                kind,
                form,
                problems,
                options=chosen if kind == "select" else (),
                required=required,
                autocomplete=autocomplete,
                most=MOST_TEXT,
            )
            for part, kind, required, autocomplete in _PLAIN[name]
        ),
        problems,
    )


def item_form(spec: SiteSpec, layout: Layout, form: Form, refusal: Refusal | None = None) -> FormView:
    """The form of an item's fields, to add or to edit one."""
    problems = refusal.problems if refusal else {}
    fields = tuple(
        _field(
            layout,
            f"item.{field.name}",
            _ITEM_KINDS[field.kind],
            form,
            problems,
            options=genre_options(spec) if field.kind == "genres" else (),
            required=field.required,
            most=int(field.high) if field.kind in ("text", "long_text", "url") else None,
        )
        for field in spec.fields
    )
    return _form(layout, "item", fields, problems)


def genre_options(spec: SiteSpec) -> Options:
    """A genre's number and name."""
    return tuple((str(spec.genre_id(name)), name) for name in spec.genres)


def item_values(spec: SiteSpec, item: Item) -> Form:
    """What the item's form holds before anything is changed."""
    values: dict[str, list[str]] = {}
    for name, value in item.fields.items():
        if name == "genres":
            values[name] = [str(spec.genre_id(genre)) for genre in value]
        else:
            values[name] = ["" if value is None else _exactly(value) if isinstance(value, float) else str(value)]
    return values


def profile_values(spec: SiteSpec, user: User) -> Form:
    """What the profile's form holds before anything is changed."""
    genres = [str(spec.genre_id(name)) for name in user.favorite_genres]
    texts = ("first_name", "last_name", "bio", "location", "website")
    return {name: [getattr(user, name)] for name in texts} | {"favorite_genre": genres}


def _exactly(number: float) -> str:
    """All digits of a number in plain notation, and no others: a form that is sent back unchanged changes nothing."""
    return f"{Decimal(repr(number)).normalize():f}"


def _form(layout: Layout, name: str, fields: tuple[FieldView, ...], problems: Mapping[str, str]) -> FormView:
    submit = f"{name}.submit"
    return FormView(name, fields, layout.element_id(submit), layout.label(submit), problems.get(""))


def _field(
    layout: Layout,
    logical: str,
    kind: FieldKind,
    form: Form,
    problems: Mapping[str, str],
    *,
    options: Options,
    required: bool,
    autocomplete: str | None = None,
    most: int | None = None,
) -> FieldView:
    name = logical.partition(".")[2]
    if kind == "password":
        values: tuple[str, ...] = ()  # what was typed is not sent back
    elif kind == "multiple":
        values = tuple(text.strip() for text in form.get(name, ()))
    else:
        values = (text_of(form, name),)
    return FieldView(
        id=layout.element_id(logical),
        name=name,
        label=layout.label(logical),
        kind=kind,
        values=values,
        options=options,
        problem=problems.get(name),
        required=required,
        autocomplete=autocomplete,
        most=most,
    )
