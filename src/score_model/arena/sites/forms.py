"""From submitted form values to an item's fields, with what is wrong in words for the page."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from score_model.arena.sites.spec import MOST_TEXT, Field, SiteSpec

_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")  # control characters, and what UTF-8 cannot carry

Form = Mapping[str, Sequence[str]]  # all values of each field, as submitted


def clean(text: str) -> str:
    """Text that pages, events and the database can carry: one kind of line end, and no white space around it."""
    return _NO_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def text_of(form: Form, name: str) -> str:
    """The last value of a field, cleaned; empty if it was not sent."""
    values = form.get(name) or [""]
    return clean(values[-1])


def required_texts(form: Form, *names: str) -> tuple[dict[str, str], dict[str, str]]:
    """Values of text fields that must not be empty, and what is wrong by field name."""
    values = {name: text_of(form, name) for name in names}
    problems = {name: "This field is required." for name, value in values.items() if not value}
    problems |= {name: f"At most {MOST_TEXT} characters." for name, value in values.items() if len(value) > MOST_TEXT}
    return values, problems


def item_fields(spec: SiteSpec, form: Form) -> tuple[dict[str, Any], dict[str, str]]:
    """An item's fields from its form (genres by number or name), and what is wrong by field name."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field in spec.fields:
        try:
            if field.kind == "genres":
                values[field.name] = _genres(spec, form, int(field.high))
            else:
                values[field.name] = _value(field, text_of(form, field.name))
        except ValueError as error:
            problems[field.name] = str(error)
    return values, problems


def _value(field: Field, text: str) -> str | int | float | None:
    if not text:
        if field.required:
            raise ValueError("This field is required.")
        return "" if field.kind in ("text", "long_text", "url") else None
    if field.kind == "integer":
        plain = text.isascii() and len(text) < 10 and text.removeprefix("-").isdigit()
        return _bounded(field, int(text) if plain else None)
    if field.kind == "decimal":
        return _bounded(field, _decimal(text))
    if len(text) > field.high:
        raise ValueError(f"At most {field.high:g} characters.")
    if field.kind == "url" and not text.lower().startswith(("http://", "https://")):
        raise ValueError("Start the link with http:// or https://.")
    return text


def _decimal(text: str) -> float | None:
    whole, _, fraction = text.partition(".")
    plain = text.isascii() and len(text) < 12 and whole.isdigit() and (fraction.isdigit() or "." not in text)
    return float(text) if plain else None


def _bounded(field: Field, number: float | None) -> float:
    if number is None or not field.low <= number <= field.high:
        what = "A whole number" if field.kind == "integer" else "A number"
        raise ValueError(f"{what} from {field.low:g} to {field.high:g}, please.")
    return number


def _genres(spec: SiteSpec, form: Form, most: int) -> list[str]:
    chosen = {genre_named(spec, text.strip()) for text in form.get("genres", ()) if text.strip()}
    if None in chosen:
        raise ValueError("Choose from the list.")
    if len(chosen) > most:
        raise ValueError(f"At most {most}, please.")
    return sorted(name for name in chosen if name)


def genre_named(spec: SiteSpec, text: str) -> str | None:
    """The genre with this number or name (any case); None if there is none."""
    if text.isascii() and text.isdigit() and len(text) < 4:
        return spec.genres[int(text) - 1] if 0 < int(text) <= len(spec.genres) else None
    return next((name for name in spec.genres if name.lower() == text.lower()), None)
