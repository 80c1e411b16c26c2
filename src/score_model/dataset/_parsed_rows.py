"""Raw lines, checked and flattened range by range: what the index needs of each, and the bytes that the spools keep."""

from collections import deque
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from score_model.contract.leaderboard import text_id
from score_model.dataset._audit_rows import spooled_row
from score_model.dataset._flatten import decode_line, flatten, instants_of
from score_model.dataset._processes import Helper
from score_model.dataset._raw import LONGEST_LINE, Range, RawDumps, lines_of
from score_model.errors import ContractError

TOO_LONG = f"longer than {LONGEST_LINE} bytes"
_AHEAD = 2  # ranges that a helper has before it


class ParsedRow(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One line that is not blank: where it begins in all dumps, its 1-based number in its range, and what it says.

    A line that breaks the contract has a `reason` and nothing else. `line` is the dataset's line, `audited` the encoded
    SpooledRow, None if no audit asked for it.
    """

    position: int
    number: int
    reason: str | None = None
    task_id: str = ""
    solution_id: str = ""
    evaluation_id: str = ""
    miner_uid: int | None = None
    created_us: int | None = None
    fetched_us: int | None = None
    score: float | None = None
    passed: bool | None = None
    line: bytes = b""
    audited: bytes | None = None


class ParsedRange(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The rows of a range, and how many lines it has, blank ones included."""

    lines: int
    rows: list[ParsedRow]


def parse_dumps(dumps: RawDumps, *, audited: bool, helpers: Sequence[Helper]) -> Iterator[tuple[Range, ParsedRange]]:
    """Every range of the dumps in order, parsed by the helpers, or here if there are none."""
    if not helpers:
        for part in dumps.ranges():
            yield part, parse_range(part, audited)
        return
    decode = msgspec.msgpack.Decoder(ParsedRange).decode
    asked: deque[tuple[Range, Helper]] = deque()
    for number, part in enumerate(dumps.ranges()):
        helper = helpers[number % len(helpers)]
        helper.ask(_packed_range, part, audited)
        asked.append((part, helper))
        if len(asked) == _AHEAD * len(helpers):
            oldest, helper = asked.popleft()
            yield oldest, decode(helper.answer())
    for oldest, helper in asked:
        yield oldest, decode(helper.answer())


def parse_range(part: Range, audited: bool) -> ParsedRange:
    """Checks and flattens the lines that begin in a range."""
    number = 0
    rows = []
    for position, line in lines_of(part):
        number += 1
        if line is None:
            rows.append(ParsedRow(position, number, TOO_LONG))
        elif line and not line.isspace():
            try:
                rows.append(_parse(position, number, line, audited))
            except ContractError as broken:
                rows.append(ParsedRow(position, number, str(broken)))
    return ParsedRange(number, rows)


def _packed_range(part: Range, audited: bool) -> bytes:
    return msgspec.msgpack.encode(parse_range(part, audited))


@cache
def _encoders() -> tuple[msgspec.json.Encoder, msgspec.msgpack.Encoder]:
    return msgspec.json.Encoder(), msgspec.msgpack.Encoder()


def _parse(position: int, number: int, line: bytes, audited: bool) -> ParsedRow:
    entry, envelope = decode_line(line)
    row = flatten(line, entry, envelope)
    instants = instants_of(row)
    to_json, to_msgpack = _encoders()
    evaluation = entry.evaluation
    return ParsedRow(
        position,
        number,
        None,
        row.task_id,
        row.solution_id,
        text_id(evaluation.evaluation_result_id if evaluation else None),
        row.miner_uid,
        *instants,
        row.score,
        row.passed,
        to_json.encode(row) + b"\n",
        to_msgpack.encode(spooled_row(line, entry, row, instants)) if audited else None,
    )


def read_row(line: bytes) -> ParsedRow:
    """A line that is known to be valid, read on its own: position and number are 0."""
    return _parse(0, 0, line, False)
