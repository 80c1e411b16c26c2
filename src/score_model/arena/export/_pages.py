"""Pages of the export, read from the entries table as the bytes that leave.

Two things keep a page cheap however deep it lies: the count of a filter's rows is remembered, and so is where each
page begins, so that the next page is a seek into an index and not a walk from its start. Both are forgotten as soon
as the table has new rows, whichever process added them: entries are added and never changed, so the newest id says
so, and it is looked at when the database has changed (SQLite's `data_version`).
"""

from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Connection, Engine, Select, and_, bindparam, func, select, tuple_

from score_model.arena.database.entry_rows import NO_SCORE
from score_model.arena.database.tables import entries
from score_model.arena.export._query import ExportQuery, Paging, SeasonQuery

_MAX_REMEMBERED = 100_000  # page starts and counts together, before all are forgotten
_STATEMENTS = 512
_columns = entries.c
_PASSED_OF_STATUS = {"completed": True, "failed": False, "pending": None}


class _Place(NamedTuple):
    """Where a row stands in a sort: its sorted value and its id."""

    value: float
    id: int


class _TaskOnly(msgspec.Struct):
    task: msgspec.Raw


_TASK_DECODER = msgspec.json.Decoder(_TaskOnly)


class PageReader:
    """Reads pages over one connection; for one thread."""

    def __init__(self, engine: Engine) -> None:
        self._connection: Connection = engine.connect()
        self._version: int | None = None
        self._newest: int | None = None
        self._totals: dict[ExportQuery | int, int] = {}
        self._ends: dict[tuple[ExportQuery, str, int], dict[int, _Place]] = {}
        self._remembered = 0

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def export_page(self, query: ExportQuery) -> bytes:
        """The answer's bytes for one page of entries, each as it was stored."""
        with self._connection.begin():
            self._forget_if_changed()
            total = self._total(query.filters)
            found: list[bytes] = []
            if (query.page - 1) * query.limit < total:
                found = self._entries(query)
        return _envelope(found, total, query)

    def season_page(self, query: SeasonQuery) -> bytes:
        """The answer's bytes for one page of a season's tasks, ordered by task id, without their solutions."""
        firsts = (
            select(func.min(_columns.id))
            .where(_of_season(query.season))
            .group_by(_columns.task_id)
            .order_by(_columns.task_id)
            .limit(query.limit)
            .offset((query.page - 1) * query.limit)
        )
        page = select(_columns.entry).where(_columns.id.in_(firsts.scalar_subquery())).order_by(_columns.task_id)
        with self._connection.begin():
            self._forget_if_changed()
            total = self._total(query.season)
            found = self._connection.execute(page).scalars().all()
        return _envelope([bytes(_TASK_DECODER.decode(entry).task) for entry in found], total, query)

    def _forget_if_changed(self) -> None:
        version = self._connection.exec_driver_sql("PRAGMA data_version").scalar_one()
        if version == self._version and self._remembered <= _MAX_REMEMBERED:
            return
        newest = self._connection.execute(_NEWEST).scalar_one()
        if newest != self._newest or self._remembered > _MAX_REMEMBERED:
            self._newest = newest
            self._remembered = 0
            self._totals.clear()
            self._ends.clear()
        self._version = version

    def _total(self, counted: ExportQuery | int) -> int:
        """How many entries pass the filters, or how many tasks a season has."""
        if counted not in self._totals:
            count = _season_count(counted) if isinstance(counted, int) else _entry_count(counted)
            self._totals[counted] = self._connection.execute(count).scalar_one()
            self._remembered += 1
        return self._totals[counted]

    def _entries(self, query: ExportQuery) -> list[bytes]:
        filters, sort = query.filters, query.sort
        ends = self._ends.setdefault((filters, sort, query.limit), {})
        after = self._end_of(query.page - 1, ends, filters, sort, query.limit)
        page = _page_statement(filters, sort, after is not None)
        rows = self._connection.execute(page, _bounds(after, query.limit)).all()
        if len(rows) == query.limit:
            self._remember(ends, query.page, _Place(rows[-1][0], rows[-1][1]))
        return [row[2] for row in rows]

    def _end_of(self, page: int, ends: dict[int, _Place], filters: ExportQuery, sort: str, limit: int) -> _Place | None:
        """The last place of a page, walked to from the nearest earlier page whose end is known; None for page 0."""
        if page == 0 or page in ends:
            return ends.get(page)
        known = max((number for number in ends if number < page), default=0)
        after = ends.get(known)
        walk = _walk_statement(filters, sort, after is not None)
        skipped = (page - known) * limit - 1
        row = self._connection.execute(walk, _bounds(after, 1) | {"skipped": skipped}).one()
        place = _Place(row[0], row[1])
        self._remember(ends, page, place)
        return place

    def _remember(self, ends: dict[int, _Place], page: int, place: _Place) -> None:
        if page not in ends:
            ends[page] = place
            self._remembered += 1


_NEWEST = select(func.max(_columns.id))
_SORT_COLUMNS: dict[str, tuple[ColumnElement[Any], bool]] = {
    "created_at_desc": (_columns.created_us, True),
    "created_at_asc": (_columns.created_us, False),
    "score_desc": (_columns.score, True),
    "score_asc": (_columns.score, False),
}


def _bounds(after: _Place | None, rows: int) -> dict[str, float]:
    if after is None:
        return {"rows": rows}
    return {"rows": rows, "after_value": after.value, "after_id": after.id}


# Statements are kept: to build one costs more than to run it.
@lru_cache(maxsize=_STATEMENTS)
def _page_statement(filters: ExportQuery, sort: str, seeks: bool) -> Select[Any]:
    """One page of rows: sorted value, id and bytes; parameters `rows`, and `after_…` if it seeks."""
    value, _ = _SORT_COLUMNS[sort]
    return _ordered(select(value, _columns.id, _columns.entry).where(*_conditions(filters)), sort, seeks)


@lru_cache(maxsize=_STATEMENTS)
def _walk_statement(filters: ExportQuery, sort: str, seeks: bool) -> Select[Any]:
    """Places of rows behind the first `skipped` ones; without the bytes, so that an index alone can answer."""
    value, _ = _SORT_COLUMNS[sort]
    places = select(value, _columns.id).where(*_conditions(filters))
    return _ordered(places, sort, seeks).offset(bindparam("skipped", type_=BigInteger))


def _ordered(query: Select[Any], sort: str, seeks: bool) -> Select[Any]:
    """The query in a sort's order, ties by row id; if it seeks, from behind the place `after_value`, `after_id` on."""
    value, descending = _SORT_COLUMNS[sort]
    if seeks:
        place = tuple_(value, _columns.id)
        after = tuple_(bindparam("after_value", type_=value.type), bindparam("after_id", type_=BigInteger))
        query = query.where(place < after if descending else place > after)
    order = (value.desc(), _columns.id.desc()) if descending else (value, _columns.id)
    return query.order_by(*order).limit(bindparam("rows", type_=BigInteger))


def _entry_count(filters: ExportQuery) -> Select[Any]:
    return select(func.count()).select_from(entries).where(*_conditions(filters))


def _season_count(season: int) -> Select[Any]:
    return select(func.count(_columns.task_id.distinct())).where(_of_season(season))


def _of_season(season: int) -> ColumnElement[bool]:
    return and_(_columns.season == season, _columns.task_id.is_not(None))


def _conditions(filters: ExportQuery) -> list[ColumnElement[bool]]:
    equal = {
        "website": filters.website,
        "use_case": filters.use_case,
        "miner_uid": filters.miner_uid,
        "passed": filters.success,
        "task_id": filters.task_id,
        "web_version": filters.web_version,
        "agent_id": filters.agent_id,
        "validator_uid": filters.validator_id,
        "round_id": filters.round_id,
    }
    conditions = [_columns[name] == wanted for name, wanted in equal.items() if wanted is not None]
    if filters.status is not None:
        conditions.append(_columns.passed.is_(_PASSED_OF_STATUS[filters.status]))
    if filters.min_score is not None:
        conditions.append(_columns.score >= filters.min_score / 100)
    if filters.max_score is not None:
        conditions += [_columns.score <= filters.max_score / 100, _columns.score > NO_SCORE]
    return conditions


def _envelope(tasks: list[bytes], total: int, paging: Paging) -> bytes:
    pages = -(-total // paging.limit)
    hints = f'],"total":{total},"page":{paging.page},"limit":{paging.limit},"totalPages":{pages}}}}}'.encode()
    head = b'{"success":true,"data":{"tasks":['
    if not tasks:
        return head + hints
    tasks[0] = head + tasks[0]  # so that the page, half a megabyte, is copied once
    tasks[-1] += hints
    return b",".join(tasks)
