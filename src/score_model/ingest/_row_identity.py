"""What makes two fetched rows the same row: task, solution and evaluation id."""

from collections.abc import Sequence
from functools import cache
from hashlib import blake2b

import msgspec

Identity = int
"""Python's own hash of a row's key: half the memory and a third of the time of a digest. It differs from process to
process, so it is never written down; two of ten million rows share one with a chance of 1 in 40,000."""

_Id = str | int | None


class _TaskId(msgspec.Struct, rename="camel", gc=False):
    task_id: _Id = None


class _SolutionId(msgspec.Struct, rename="camel", gc=False):
    task_solution_id: _Id = None


class _EvaluationId(msgspec.Struct, rename="camel", gc=False):
    evaluation_result_id: _Id = None


class _Ids(msgspec.Struct, gc=False):
    task: _TaskId | None = None
    solution: _SolutionId | None = None
    evaluation: _EvaluationId | None = None


@cache
def _decoder() -> msgspec.json.Decoder[_Ids]:
    return msgspec.json.Decoder(_Ids)


def row_identities(entries: Sequence[bytes | msgspec.Raw]) -> list[Identity]:
    """The identities of a page's rows, in order."""
    try:
        return [hash(_key(ids, entry)) for ids, entry in zip(map(_decoder().decode, entries), entries, strict=True)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # one row is too broken to have ids
        return [hash(row_key(entry)) for entry in entries]


def row_key(entry: bytes | msgspec.Raw) -> str:
    """What identifies a row as received: its ids, or a digest of its bytes if it has none or is too broken to read."""
    try:
        ids = _decoder().decode(entry)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _digest(entry)
    return _key(ids, entry)


def _key(ids: _Ids, entry: bytes | msgspec.Raw) -> str:
    task, solution, evaluation = ids.task, ids.solution, ids.evaluation
    solution_id = solution.task_solution_id if solution else None
    evaluation_id = evaluation.evaluation_result_id if evaluation else None
    if solution_id is None and evaluation_id is None:
        return _digest(entry)
    return f"{task.task_id if task else None} {solution_id} {evaluation_id}"


def _digest(entry: bytes | msgspec.Raw) -> str:
    return blake2b(entry, digest_size=16).hexdigest()
