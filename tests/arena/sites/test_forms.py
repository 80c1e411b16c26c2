"""From submitted form values to fields."""

import math
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from score_model.arena.sites import SITES, Layout, SiteSpec, catalog_of
from score_model.arena.sites.autobooks import AUTOBOOKS
from score_model.arena.sites.autocinema import AUTOCINEMA
from score_model.arena.sites.forms import Form, clean, genre_named, item_fields, required_texts, text_of
from score_model.arena.sites.spec import MOST_TEXT

EACH_SITE = pytest.mark.parametrize("spec", SITES.values(), ids=SITES)
# What a form may carry: any text, lone surrogates too, and texts that are nearly numbers.
HOSTILE = st.one_of(
    st.text(st.characters(), max_size=20),
    st.text("-+0123456789._eE", max_size=12),
    st.sampled_from(
        ["", " ", "\x00", "\ud800", "٣", "²", "1_0", "--5", "inf", "nan", "9" * 5000, "x" * 3000, "Drama", "1"]
    ),
)


def film(**changes: str | list[str]) -> dict[str, list[str]]:
    """The form of a good film, with changes."""
    good: dict[str, str | list[str]] = {
        "name": "Night Ferry",
        "director": "Ada Holm",
        "cast": "",
        "year": "1999",
        "duration": "101",
        "rating": "4.5",
        "genres": ["6", "crime"],
        "desc": "",
        "trailer_url": "",
    }
    return {name: value if isinstance(value, list) else [value] for name, value in (good | changes).items()}


def test_a_good_form() -> None:
    """Texts are trimmed, numbers become numbers, genres become names, and what was left empty stays empty."""
    values, problems = item_fields(AUTOCINEMA, film(name="  Night Ferry "))
    assert problems == {}
    assert values == {
        "name": "Night Ferry",
        "director": "Ada Holm",
        "cast": "",
        "year": 1999,
        "duration": 101,
        "rating": 4.5,
        "genres": ["Crime", "Drama"],
        "desc": "",
        "trailer_url": "",
    }
    assert type(values["year"]) is int
    assert type(values["rating"]) is float


@EACH_SITE
def test_an_item_survives_its_own_form(spec: SiteSpec) -> None:
    """Saving an item's form without touching it gives the item's fields back, in every layout's catalog."""
    for seed in (1, 2, 3, 17):
        for item in catalog_of(Layout(spec.name, seed)):
            form: Form = {
                name: [str(spec.genre_id(genre)) for genre in value] if name == "genres" else [str(value)]
                for name, value in item.fields.items()
            }
            assert item_fields(spec, form) == (item.fields, {}), item.id


@pytest.mark.parametrize(
    ("name", "text", "taken"),
    [
        ("year", "1888", True),
        ("year", "1887", False),
        ("year", "2100", True),
        ("year", "2101", False),
        ("year", "-1999", False),
        ("year", "--5", False),
        ("year", "+1999", False),
        ("year", "1999.0", False),
        ("year", "1_999", False),
        ("year", "１９９９", False),
        ("year", "", False),
        ("year", "9" * 5000, False),
        ("rating", "0", True),
        ("rating", "5", True),
        ("rating", "5.01", False),
        ("rating", "-0", False),
        ("rating", "4,5", False),
        ("rating", "4.", False),
        ("rating", "1e0", False),
        ("rating", "nan", False),
        ("rating", "inf", False),
        ("name", "x" * 120, True),
        ("name", "x" * 121, False),
        ("name", "\x00\ud800 ", False),
        ("desc", "x" * MOST_TEXT, True),
        ("desc", "x" * (MOST_TEXT + 1), False),
        ("trailer_url", "HTTPS://trailers.example/1", True),
        ("trailer_url", "javascript:alert(1)", False),
        ("trailer_url", " \x00javascript:alert(1)", False),
        ("trailer_url", "https://" + "x" * 300, False),
    ],
)
def test_bounds(name: str, text: str, taken: bool) -> None:
    """A value on a bound is taken; one beyond it, or in a spelling that is no plain number, is named with words."""
    _, problems = item_fields(AUTOCINEMA, film(**{name: text}))
    assert set(problems) == (set() if taken else {name})
    assert all(len(words) < 100 and text[:20] not in words for words in problems.values() if text.strip())


def test_genres() -> None:
    """Genres come by number or name, in any case and order, at most six, each counted once; others are refused."""
    assert item_fields(AUTOCINEMA, film(genres=["SCI-FI", "13", " drama ", ""]))[0]["genres"] == ["Drama", "Sci-Fi"]
    assert item_fields(AUTOCINEMA, film(genres=[]))[0]["genres"] == []
    for chosen in (["0"], ["15"], ["-1"], ["Western"], ["٣"], ["9" * 5000], [str(number) for number in range(1, 8)]):
        assert set(item_fields(AUTOCINEMA, film(genres=chosen))[1]) == {"genres"}, chosen
    for spec in (AUTOCINEMA, AUTOBOOKS):
        assert [genre_named(spec, str(spec.genre_id(name))) for name in spec.genres] == list(spec.genres)
        assert sorted(spec.genres) == list(spec.genres)


@EACH_SITE
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_form_is_read_or_refused(spec: SiteSpec, data: st.DataObject) -> None:
    """Whatever a form holds, its fields are within their bounds and can be stored, or a field of the form is named."""
    names = st.sampled_from([*spec.field_names, "other"])
    form: dict[str, Any] = data.draw(st.dictionaries(names, st.lists(HOSTILE, max_size=3), max_size=6))
    values, problems = item_fields(spec, form)
    assert values.keys() | problems.keys() == set(spec.field_names)
    assert not values.keys() & problems.keys()
    assert msgspec.json.decode(msgspec.json.encode(values)) == values
    for field in spec.fields:
        value = values.get(field.name)
        if isinstance(value, int | float):
            assert math.isfinite(value)
            assert field.low <= value <= field.high
        elif isinstance(value, str):
            assert len(value) <= field.high
            assert value or not field.required


@given(HOSTILE)
@settings(deadline=None)
def test_cleaned_text_can_be_carried(text: str) -> None:
    """Cleaned text can be encoded, has no control characters but tabs and line feeds, and cleaning it again is idle."""
    cleaned = clean(text)
    assert cleaned.encode().decode() == cleaned
    assert not any(ord(letter) < 32 and letter not in "\t\n" for letter in cleaned)
    assert clean(cleaned) == cleaned == cleaned.strip()


def test_line_ends_are_one_kind() -> None:
    """Browsers submit CRLF: an unchanged text with several lines stays unchanged."""
    assert clean("one\r\ntwo\rthree\n\tfour\r\n") == "one\ntwo\nthree\n\tfour"


def test_the_last_value_counts() -> None:
    """A field that was sent twice has its last value; one that was not sent, or sent without any, is empty."""
    assert text_of({"name": ["first", " second "]}, "name") == "second"
    assert text_of({}, "name") == text_of({"name": []}, "name") == ""


def test_required_texts() -> None:
    """Each missing or endless text is named; the others come back."""
    form = {"name": ["Ann"], "subject": [" "], "message": ["x" * (MOST_TEXT + 1)]}
    values, problems = required_texts(form, "name", "subject", "message", "email")
    assert values["name"] == "Ann"
    assert set(problems) == {"subject", "message", "email"}
