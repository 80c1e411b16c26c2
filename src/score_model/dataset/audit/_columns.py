"""The rows as compact columns: about 75 bytes a row, whatever texts came from outside."""

from array import array
from collections.abc import Hashable, Iterable, Iterator
from typing import Generic, TypeVar

from score_model.dataset._audit_rows import AuditRow

PASSED = 1
FAILED = 0
UNKNOWN = -1
NO_TIME = -(1 << 62)
NO_DIGEST = 0
RELABELLED = (None, "replay_disagrees", "overridden")

_T = TypeVar("_T", bound=Hashable)
_LABEL = {True: PASSED, False: FAILED, None: UNKNOWN}


class Index(Generic[_T]):
    """Small numbers for values, in order of first appearance."""

    def __init__(self) -> None:
        self._number: dict[_T, int] = {}
        self.values: list[_T] = []

    def number(self, value: _T) -> int:
        """The number of `value`; a new one for a value that was not seen before."""
        known = self._number.get(value)
        if known is None:
            known = self._number[value] = len(self.values)
            self.values.append(value)
        return known


class Columns:
    """One array per column, all of the same length, in file order.

    Use cases are numbered per website (`use_cases.values` holds website and use case), digests are cut to 64 bits
    (at a million rows the chance of one collision is about 1 in 30 million), times are µs since 1970 or NO_TIME,
    `relabelled` numbers RELABELLED.
    """

    def __init__(self) -> None:
        self.websites: Index[str] = Index()
        self.use_cases: Index[tuple[str, str]] = Index()
        self.splits: Index[str] = Index()
        self.miners: Index[int | None] = Index()
        self.validators: Index[int | None] = Index()
        self.ordinal = array("q")
        self.website = array("i")
        self.use_case = array("i")
        self.split = array("i")
        self.miner = array("i")
        self.validator = array("i")
        self.created = array("q")
        self.fetched = array("q")
        self.label = array("b")
        self.fetched_label = array("b")
        self.score_label = array("b")
        self.contradicts_itself = array("b")
        self.relabelled = array("b")
        self.num_actions = array("q")
        self.work = array("Q")
        self.exact_work = array("Q")
        self.intent = array("Q")

    def __len__(self) -> int:
        return len(self.ordinal)

    def rows(self) -> range:
        """Every row's position."""
        return range(len(self.ordinal))

    def task_shape(self, row: int) -> int:
        """A number that two rows share if they are of one website, use case and masked intent."""
        return (self.intent[row] ^ (self.use_case[row] * 0x9E3779B97F4A7C15)) & 0xFFFF_FFFF_FFFF_FFFF


def read_columns(rows: Iterable[AuditRow]) -> Columns:
    """Reads the stream once and keeps its columns."""
    columns = Columns()
    for row in rows:
        columns.ordinal.append(row.ordinal)
        columns.website.append(columns.websites.number(row.website))
        columns.use_case.append(columns.use_cases.number((row.website, row.use_case)))
        columns.split.append(columns.splits.number(row.split))
        columns.miner.append(columns.miners.number(row.miner_uid))
        columns.validator.append(columns.validators.number(row.validator_uid))
        columns.created.append(NO_TIME if row.created_us is None else row.created_us)
        columns.fetched.append(NO_TIME if row.fetched_us is None else row.fetched_us)
        columns.label.append(_LABEL[row.passed])
        columns.fetched_label.append(_LABEL[row.fetched_success])
        columns.score_label.append(UNKNOWN if row.score is None else int(row.score > 0))
        columns.contradicts_itself.append(row.self_contradiction)
        columns.relabelled.append(RELABELLED.index(row.relabelled))
        columns.num_actions.append(row.num_actions)
        columns.work.append(_digest(row.work))
        columns.exact_work.append(_digest(row.exact_work))
        columns.intent.append(_digest(row.masked_intent))
    return columns


def equal_runs(keys: "array[int]", rows: Iterable[int]) -> Iterator[list[int]]:
    """The groups of two and more of `rows` with an equal key, ascending by key; NO_DIGEST equals nothing."""
    run: list[int] = []
    previous = NO_DIGEST
    for row in sorted(rows, key=keys.__getitem__):
        key = keys[row]
        if key != previous:
            if len(run) > 1:
                yield run
            run = []
            previous = key
        if key != NO_DIGEST:
            run.append(row)
    if len(run) > 1:
        yield run


def _digest(digest: bytes | None) -> int:
    if digest is None:
        return NO_DIGEST
    return int.from_bytes(digest[:8], "big") or 1
