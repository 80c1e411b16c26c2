"""A query's parameters as a record, and the record as parameters of an OpenAPI document.

A record says what is accepted; this module how it is spelt. An empty text filters nothing, of a repeated parameter the
last value counts, and unknown parameters are ignored.
Refusals have the shape and words that FastAPI gives them, for the production source is written with it.
"""

import math
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import inspect

from score_model.web._errors import RefusedError

_MAX_FIELDS = 100
_INTEGER = re.compile(r"\+?(-?)0*([0-9]+)", re.ASCII)
_BOOLEANS = {
    **dict.fromkeys(("true", "1", "yes", "y", "on", "t"), True),
    **dict.fromkeys(("false", "0", "no", "n", "off", "f"), False),
}
BOOLEAN_SCHEMA: dict[str, Any] = {"type": "string", "enum": list(_BOOLEANS)}
"""How a boolean is spelt, for `msgspec.Meta.extra_json_schema`."""

ANY_CASE = {"case": "any"}
"""For `msgspec.Meta.extra`: the parameter's text is read in lower case."""

Query = TypeVar("Query", bound=msgspec.Struct)


class InvalidQueryError(RefusedError):
    """A query that answers 422; `detail` says for each parameter what is wrong, as FastAPI words it."""

    def __init__(self, detail: list[dict[str, object]]) -> None:
        super().__init__(422, "invalid_query", detail)


class _InvalidValueError(ValueError):
    """One value that is not accepted: why, and FastAPI's name for that."""

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


def parameters_of(query_string: bytes) -> dict[str, str]:
    """Return the names and last values of a query; raises InvalidQueryError for more than 100 of them."""
    try:
        pairs = parse_qsl(
            query_string.decode("latin-1"), keep_blank_values=True, errors="replace", max_num_fields=_MAX_FIELDS
        )
    except ValueError:
        problem = {"loc": ["query"], "msg": f"At most {_MAX_FIELDS} parameters", "type": "too_long"}
        raise InvalidQueryError([dict(problem)]) from None
    return dict(pairs)


def missing_parameter(name: str) -> InvalidQueryError:
    """Return the refusal of a query that lacks a required parameter."""
    return InvalidQueryError([{"loc": ["query", name], "msg": "Field required", "type": "missing"}])


def read_query(parameters: Mapping[str, str], kind: type[Query]) -> Query:
    """Return the query as a record; raises InvalidQueryError that names everything that is wrong.

    Fields are texts, integers, finite numbers, booleans, literals or enumerations, each with None if it is optional.
    """
    asked = [(field, parameters[field.name]) for field in _fields_of(kind) if field.name in parameters]
    try:
        values = {field.name: value for field, text in asked if (value := field.spelt(text)) is not None}
        return msgspec.convert(values, kind)
    except (_InvalidValueError, msgspec.ValidationError):
        raise _invalid_query(parameters, kind) from None


def _invalid_query(parameters: Mapping[str, str], kind: type[msgspec.Struct]) -> InvalidQueryError:
    problems: list[dict[str, object]] = []
    for field in _fields_of(kind):
        if field.name in parameters:
            try:
                field.check(parameters[field.name])
            except _InvalidValueError as error:
                problems.append({"loc": ["query", field.name], "msg": str(error), "type": error.kind})
        elif field.required:
            return missing_parameter(field.name)
    return InvalidQueryError(problems)


def query_parameters(kind: type[msgspec.Struct]) -> list[dict[str, Any]]:
    """Return the record's fields as parameters of OpenAPI, each with its schema and description."""
    _, components = msgspec.json.schema_components([kind])
    schema = components[kind.__name__]
    return [_parameter(name, dict(part), name in schema["required"]) for name, part in schema["properties"].items()]


def _parameter(name: str, schema: dict[str, Any], required: bool) -> dict[str, Any]:
    description = schema.pop("description")
    if "anyOf" in schema:  # an optional one: it is left out, not sent as null
        del schema["default"]
        first = schema.pop("anyOf")[0]
        schema = schema or first  # what `extra_json_schema` says goes before the type
    return {"name": name, "in": "query", "required": required, "description": description, "schema": schema}


class _Field(NamedTuple):
    """One parameter: its name, whether it must be there, its type as it is annotated and as msgspec describes it."""

    name: str
    required: bool
    annotated: Any
    type: inspect.Type
    any_case: bool

    def spelt(self, text: str) -> object:
        """Return the value that a text stands for, None for an empty one; raises _InvalidValueError if it has none."""
        return _spelt(text.lower() if self.any_case else text, self.type)

    def check(self, text: str) -> None:
        """Raise _InvalidValueError for a text that has no value, or one that is not accepted."""
        value = self.spelt(text)
        try:
            if value is not None:
                msgspec.convert(value, self.annotated)
        except msgspec.ValidationError:
            raise _out_of_bounds(value, self.type) from None


@cache
def _fields_of(kind: type[msgspec.Struct]) -> tuple[_Field, ...]:
    found = []
    for field in msgspec.structs.fields(kind):
        described, any_case = inspect.type_info(field.type), False
        if isinstance(described, inspect.Metadata):
            any_case = described.extra == ANY_CASE
            described = described.type
        if isinstance(described, inspect.UnionType):  # with None, which comes last
            described = described.types[0]
        found.append(_Field(field.encode_name, field.required, field.type, described, any_case))
    return tuple(found)


def _spelt(text: str, kind: inspect.Type) -> object:
    """Return the value that a text spells. (msgspec's lax mode takes "1e2" for an integer and "null" for None.)"""
    match kind:
        case inspect.IntType():
            integer = _INTEGER.fullmatch(text.strip())
            if integer is None:
                message = "Input should be a valid integer, unable to parse string as an integer"
                raise _InvalidValueError(message, "int_parsing")
            return int(integer[1] + integer[2][:19])  # beyond every bound; int() refuses thousands of digits
        case inspect.FloatType():
            try:
                number = float(text)
            except ValueError:
                message = "Input should be a valid number, unable to parse string as a number"
                raise _InvalidValueError(message, "float_parsing") from None
            if not math.isfinite(number):
                raise _InvalidValueError("Input should be a finite number", "finite_number")
            return number
        case inspect.BoolType():
            value = _BOOLEANS.get(text.strip().lower())
            if value is None:
                raise _InvalidValueError("Input should be a valid boolean, unable to interpret input", "bool_parsing")
            return value
        case inspect.StrType():
            text = text.strip()
            if not text.isprintable() or "\ufffd" in text:
                raise _InvalidValueError("Input should be a valid string", "string_unicode")
    return text or None


def _out_of_bounds(value: Any, kind: inspect.Type) -> _InvalidValueError:
    """Return why msgspec does not accept a value of the right type."""
    match kind:
        case inspect.IntType() | inspect.FloatType() if kind.ge is not None and float(value) < kind.ge:
            return _InvalidValueError(f"Input should be greater than or equal to {kind.ge}", "greater_than_equal")
        case inspect.IntType() | inspect.FloatType():
            return _InvalidValueError(f"Input should be less than or equal to {kind.le}", "less_than_equal")
        case inspect.StrType():
            return _InvalidValueError(f"String should have at most {kind.max_length} characters", "string_too_long")
        case inspect.LiteralType(values=values):
            names = [f"'{name}'" for name in values if name]
        case inspect.EnumType(cls=cls):
            names = [f"'{name.value}'" for name in cls]
        case _:
            raise AssertionError(f"no query has fields of this type: {kind}")
    return _InvalidValueError(f"Input should be {', '.join(names[:-1])} or {names[-1]}", "literal_error")
