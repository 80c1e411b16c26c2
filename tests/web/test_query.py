"""Promises of queries: what a parameter may be spelt like, how a refusal reads, and how the document describes it."""

from enum import StrEnum
from typing import Annotated, Literal

import pytest
from msgspec import Meta, Struct

from score_model.web import ANY_CASE, BOOLEAN_SCHEMA, InvalidQueryError, query_parameters, read_query


class _Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class _Query(Struct, frozen=True, kw_only=True, rename="camel"):
    at_most: Annotated[int, Meta(ge=1, le=500, description="How many.")] = 50
    share: Annotated[Annotated[float, Meta(ge=0, le=100)] | None, Meta(description="Percent.")] = None
    name: Annotated[Annotated[str, Meta(max_length=5)] | None, Meta(description="Who.", extra=ANY_CASE)] = None
    good: Annotated[bool | None, Meta(description="Whether.", extra_json_schema=BOOLEAN_SCHEMA)] = None
    kind: Annotated[Literal["new", "old", ""] | None, Meta(description="Which.")] = None
    colour: Annotated[_Colour | None, Meta(description="Its colour.")] = None


class _Numbered(_Query, frozen=True, kw_only=True, rename="camel"):
    number: Annotated[int, Meta(ge=0, description="Its number.")]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("at_most", " +007 ", 7),
        ("at_most", "0" * 9000 + "5", 5),
        ("share", " 5. ", 5.0),
        ("share", "-0", 0.0),
        ("name", "  ÉVE ", "éve"),
        ("name", "null", "null"),
        ("name", " ", None),
        ("good", " Yes ", True),
        ("good", "F", False),
        ("kind", "old", "old"),
        ("kind", "", None),
        ("colour", "blue", _Colour.BLUE),
        ("colour", "", None),
    ],
)
def test_spellings(name: str, text: str, value: object) -> None:
    """Numbers, booleans and names are read in each spelling that production takes; an empty text filters nothing."""
    parameter = {"at_most": "atMost"}.get(name, name)
    assert getattr(read_query({parameter: text, "other": "x"}, _Query), name) == value


@pytest.mark.parametrize(
    ("name", "text", "kind", "message"),
    [
        ("atMost", "1.0", "int_parsing", "Input should be a valid integer, unable to parse string as an integer"),
        ("atMost", "9" * 9000, "less_than_equal", "Input should be less than or equal to 500"),
        ("atMost", "-" + "9" * 9000, "greater_than_equal", "Input should be greater than or equal to 1"),
        ("share", "null", "float_parsing", "Input should be a valid number, unable to parse string as a number"),
        ("share", "nan", "finite_number", "Input should be a finite number"),
        ("share", "100.5", "less_than_equal", "Input should be less than or equal to 100"),
        ("name", "sixsix", "string_too_long", "String should have at most 5 characters"),
        ("name", "a\0b", "string_unicode", "Input should be a valid string"),
        ("good", "maybe", "bool_parsing", "Input should be a valid boolean, unable to interpret input"),
        ("kind", "Old", "literal_error", "Input should be 'new' or 'old'"),
        ("kind", "null", "literal_error", "Input should be 'new' or 'old'"),
        ("colour", "green", "literal_error", "Input should be 'red' or 'blue'"),
    ],
)
def test_refusals(name: str, text: str, kind: str, message: str) -> None:
    """A value that is not accepted is named with FastAPI's words for it."""
    with pytest.raises(InvalidQueryError) as refused:
        read_query({name: text}, _Query)
    assert refused.value.answer["detail"] == [{"loc": ["query", name], "msg": message, "type": kind}]


def test_everything_that_is_wrong_is_named() -> None:
    """In the order of the fields; a required parameter that is missing goes before."""
    wrong = {"colour": "green", "atMost": "x", "share": "101"}
    with pytest.raises(InvalidQueryError) as refused:
        read_query(wrong, _Query)
    assert [problem["loc"] for problem in refused.value.answer["detail"]] == [  # type: ignore[index]
        ["query", "atMost"],
        ["query", "share"],
        ["query", "colour"],
    ]
    with pytest.raises(InvalidQueryError) as refused:
        read_query(wrong, _Numbered)
    assert refused.value.answer["detail"] == [{"loc": ["query", "number"], "msg": "Field required", "type": "missing"}]


def test_the_document_says_the_same() -> None:
    """Each field is a parameter with its bounds; one that is optional is left out and never null."""
    described = {parameter["name"]: parameter for parameter in query_parameters(_Numbered)}
    assert [name for name, parameter in described.items() if parameter["required"]] == ["number"]
    assert described["share"] == {
        "name": "share",
        "in": "query",
        "required": False,
        "description": "Percent.",
        "schema": {"type": "number", "minimum": 0, "maximum": 100},
    }
    assert described["atMost"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}
    assert described["good"]["schema"] == BOOLEAN_SCHEMA
