"""Query parameters of the export: what is accepted and how a refusal reads (export contract, section 1).

Refusals have the shape that FastAPI gives them, for the production source is written with it. An empty text filter
filters nothing, of a repeated parameter the last value counts, and unknown parameters are ignored.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import parse_qsl

from score_model.web import RefusedError

MAX_LIMIT = 500
DEFAULT_LIMIT = 50
_MAX_PAGE = 2**31 - 1
_MAX_UID = 2**31 - 1
_MAX_TEXT = 500  # characters of a text filter
_MAX_FIELDS = 100
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_TRUE = frozenset(("true", "1", "yes", "y", "on", "t"))
_FALSE = frozenset(("false", "0", "no", "n", "off", "f"))
_PASSED_BY_STATUS: dict[str, Literal["passed", "failed", "unknown"]] = {
    "completed": "passed",
    "failed": "failed",
    "pending": "unknown",
}

Sort = Literal["created_at_desc", "created_at_asc", "score_desc", "score_asc"]
SORTS: tuple[Sort, ...] = get_args(Sort)  # the first is the default


class InvalidQueryError(RefusedError):
    """A query that answers 422; `detail` says for each parameter what is wrong, as FastAPI words it."""

    def __init__(self, detail: list[dict[str, object]]) -> None:
        super().__init__(422, "invalid_query", detail)


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which entries are asked for; None does not filter. Scores are percent (0..100) of the entries' 0..1.

    `status` names what the evaluation says of `passed`: true, false, or neither.
    """

    website: str | None = None
    use_case: str | None = None
    miner_uid: int | None = None
    success: bool | None = None
    task_id: str | None = None
    web_version: str | None = None
    agent_id: str | None = None
    validator_uid: int | None = None
    round_id: str | None = None
    min_score: float | None = None
    max_score: float | None = None
    status: Literal["passed", "failed", "unknown"] | None = None


@dataclass(frozen=True)
class Paging:
    """One page by its number, from 1, and its size."""

    page: int
    limit: int


class QueryReader:
    """Reads parameters one by one and collects what is wrong with them."""

    def __init__(self, parameters: Mapping[str, str]) -> None:
        self._parameters = parameters
        self._problems: list[dict[str, object]] = []

    def finish(self) -> None:
        """Raises InvalidQueryError if anything was wrong."""
        if self._problems:
            raise InvalidQueryError(self._problems)

    def text(self, name: str) -> str | None:
        value = self._parameters.get(name, "").strip()
        if len(value) > _MAX_TEXT:
            self._wrong(name, f"String should have at most {_MAX_TEXT} characters", "string_too_long")
            return None
        if not value.isprintable() or "\ufffd" in value:
            self._wrong(name, "Input should be a valid string", "string_unicode")
            return None
        return value or None

    def one_of(self, name: str, names: Iterable[str]) -> str | None:
        value = self._parameters.get(name)
        if not value:
            return None
        if value not in names:
            wanted = ", ".join(f"'{known}'" for known in names)
            self._wrong(name, f"Input should be one of {wanted}", "literal_error")
        return value

    def integer(self, name: str, *, low: int, high: int, default: int | None = None) -> int | None:
        if name not in self._parameters:
            return default
        value = self._parameters[name].strip()
        if not _INTEGER.fullmatch(value):
            if re.fullmatch(r"[+-]?[0-9]+", value, re.ASCII):  # a number, with more digits than any limit
                value = f"{value[0] if value[0] in '+-' else ''}{10**18}"
            else:
                self._wrong(
                    name, "Input should be a valid integer, unable to parse string as an integer", "int_parsing"
                )
                return default
        number = int(value)
        if number < low:
            self._wrong(name, f"Input should be greater than or equal to {low}", "greater_than_equal")
        elif number > high:
            self._wrong(name, f"Input should be less than or equal to {high}", "less_than_equal")
        return number

    def percent(self, name: str) -> float | None:
        if name not in self._parameters:
            return None
        try:
            number = float(self._parameters[name])
        except ValueError:
            self._wrong(name, "Input should be a valid number, unable to parse string as a number", "float_parsing")
            return None
        if math.isnan(number) or math.isinf(number):
            self._wrong(name, "Input should be a finite number", "finite_number")
        elif number < 0:
            self._wrong(name, "Input should be greater than or equal to 0", "greater_than_equal")
        elif number > 100:
            self._wrong(name, "Input should be less than or equal to 100", "less_than_equal")
        return number

    def boolean(self, name: str) -> bool | None:
        if name not in self._parameters:
            return None
        value = self._parameters[name].strip().lower()
        if value not in _TRUE and value not in _FALSE:
            self._wrong(name, "Input should be a valid boolean, unable to interpret input", "bool_parsing")
        return value in _TRUE

    def status(self, name: str) -> Literal["passed", "failed", "unknown"] | None:
        value = self._parameters.get(name)
        if not value:
            return None
        if value.lower() not in _PASSED_BY_STATUS:
            self._wrong(name, "Input should be 'completed', 'failed' or 'pending'", "literal_error")
        return _PASSED_BY_STATUS.get(value.lower())

    def _wrong(self, name: str, message: str, kind: str) -> None:
        self._problems.append({"loc": ["query", name], "msg": message, "type": kind})


def parameters_of(query_string: bytes) -> dict[str, str]:
    """Names and last values of a query; raises InvalidQueryError for more than 100 of them."""
    try:
        pairs = parse_qsl(
            query_string.decode("latin-1"), keep_blank_values=True, errors="replace", max_num_fields=_MAX_FIELDS
        )
    except ValueError:
        problem = {"loc": ["query"], "msg": f"At most {_MAX_FIELDS} parameters", "type": "too_long"}
        raise InvalidQueryError([dict(problem)]) from None
    return dict(pairs)


def missing_parameter(name: str) -> InvalidQueryError:
    """The refusal of a query that lacks a required parameter."""
    return InvalidQueryError([{"loc": ["query", name], "msg": "Field required", "type": "missing"}])


def read_export_query(parameters: Mapping[str, str]) -> tuple[Filters, Sort, Paging]:
    """What a query of the export asks for; raises InvalidQueryError. An unknown sort means the default."""
    reader = QueryReader(parameters)
    paging = _read_paging(reader)
    website = reader.text("website")
    use_case = reader.text("useCase")
    filters = Filters(
        website=website.lower() if website else None,
        use_case=use_case.lower() if use_case else None,
        miner_uid=reader.integer("minerUid", low=0, high=_MAX_UID),
        success=reader.boolean("success"),
        task_id=reader.text("taskId"),
        web_version=reader.text("webVersion"),
        agent_id=reader.text("agentId"),
        validator_uid=reader.integer("validatorId", low=0, high=_MAX_UID),
        round_id=reader.text("roundId"),
        min_score=reader.percent("minScore"),
        max_score=reader.percent("maxScore"),
        status=reader.status("status"),
    )
    reader.finish()
    sort = next((known for known in SORTS if known == parameters.get("sort")), SORTS[0])
    return filters, sort, paging


def read_season_query(parameters: Mapping[str, str]) -> tuple[int, Paging]:
    """Season and page of a query of tasks by season; raises InvalidQueryError, also where the season is missing."""
    if "season" not in parameters:
        raise missing_parameter("season")
    reader = QueryReader(parameters)
    paging = _read_paging(reader)
    season = reader.integer("season", low=0, high=_MAX_UID)
    reader.finish()
    assert season is not None
    return season, paging


def _read_paging(reader: QueryReader) -> Paging:
    page = reader.integer("page", low=1, high=_MAX_PAGE, default=1)
    limit = reader.integer("limit", low=1, high=MAX_LIMIT, default=DEFAULT_LIMIT)
    return Paging(page or 1, limit or DEFAULT_LIMIT)
