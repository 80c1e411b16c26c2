"""Query parameters of the export: what is accepted (export contract, section 1)."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from score_model.web import ANY_CASE, BOOLEAN_SCHEMA, read_query

SORTS = ("created_at_desc", "created_at_asc", "score_desc", "score_asc")  # the first is the default
_DEFAULT_LIMIT = 50

_Text = Annotated[str, Meta(max_length=500)]
_Uid = Annotated[int, Meta(ge=0, le=2**31 - 1)]
_Percent = Annotated[float, Meta(ge=0, le=100)]
_Status = Literal["completed", "failed", "pending", ""]


class Paging(Struct, frozen=True, kw_only=True, rename="camel"):
    """One page by its number, from 1, and its size."""

    page: Annotated[int, Meta(ge=1, le=2**31 - 1, description="Which page.")] = 1
    limit: Annotated[int, Meta(ge=1, le=500, description="Rows of a page.")] = _DEFAULT_LIMIT


class SeasonQuery(Paging, frozen=True, kw_only=True, rename="camel"):
    """A page of a season's tasks."""

    season: Annotated[_Uid, Meta(description="Number of the season.")]


class ExportQuery(Paging, frozen=True, kw_only=True, rename="camel"):
    """A page of entries: which are asked for, None filtering nothing, and in which order."""

    website: Annotated[_Text | None, Meta(description="Site that the start URL's port stands for.", extra=ANY_CASE)] = (
        None
    )
    use_case: Annotated[_Text | None, Meta(description="Use case, in either case.", extra=ANY_CASE)] = None
    miner_uid: Annotated[_Uid | None, Meta(description="UID of the miner.")] = None
    success: Annotated[
        bool | None, Meta(description="Whether the evaluation passed.", extra_json_schema=BOOLEAN_SCHEMA)
    ] = None
    task_id: Annotated[_Text | None, Meta(description="Id of the task.")] = None
    web_version: Annotated[_Text | None, Meta(description="Version of the site.")] = None
    agent_id: Annotated[_Text | None, Meta(description="Id of the agent or of its run.")] = None
    validator_id: Annotated[_Uid | None, Meta(description="UID of the validator.")] = None
    round_id: Annotated[_Text | None, Meta(description="Id of the round.")] = None
    min_score: Annotated[_Percent | None, Meta(description="Least score, in percent.")] = None
    max_score: Annotated[_Percent | None, Meta(description="Greatest score, in percent.")] = None
    status: Annotated[
        _Status | None,
        Meta(description="What the evaluation says of passed: true, false, neither.", extra=ANY_CASE),
    ] = None
    sort: Annotated[str, Meta(description=f"One of {', '.join(SORTS)}; others mean the default.")] = SORTS[0]

    @property
    def filters(self) -> "ExportQuery":
        """The same filters on the first page and in the default order: what a count depends on."""
        return replace(self, page=1, limit=_DEFAULT_LIMIT, sort=SORTS[0])


def read_export_query(parameters: Mapping[str, str]) -> ExportQuery:
    """Return what a query of the export asks for; raises InvalidQueryError. An unknown sort means the default."""
    sort = parameters.get("sort")
    return read_query({**parameters, "sort": sort if sort in SORTS else SORTS[0]}, ExportQuery)
