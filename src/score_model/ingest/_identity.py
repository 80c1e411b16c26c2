"""What makes two fetched rows the same row: task, solution and evaluation id."""

from collections.abc import Sequence
from functools import cache
from hashlib import blake2b

import msgspec

Identity = bytes  # 16 bytes

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
def _decoders() -> tuple[msgspec.json.Decoder[_Ids], msgspec.json.Decoder[list[_Ids]]]:
    return msgspec.json.Decoder(_Ids), msgspec.json.Decoder(list[_Ids])


def row_identities(entries: Sequence[bytes | msgspec.Raw]) -> list[Identity]:
    """The identities of a page's rows, in order."""
    try:
        page = _decoders()[1].decode(b"[" + b",".join(entries) + b"]")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        page = []
    if len(page) != len(entries):  # one row is too broken to be read with the others
        return [row_identity(entry) for entry in entries]
    return [_identity(ids, entry) for ids, entry in zip(page, entries, strict=True)]


def row_identity(entry: bytes | msgspec.Raw) -> Identity:
    """The identity of a row as received; a row without ids, or too broken to have any, is identified by its bytes."""
    try:
        ids = _decoders()[0].decode(entry)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return blake2b(entry, digest_size=16).digest()
    return _identity(ids, entry)


def _identity(ids: _Ids, entry: bytes | msgspec.Raw) -> Identity:
    task = ids.task.task_id if ids.task else None
    solution = ids.solution.task_solution_id if ids.solution else None
    evaluation = ids.evaluation.evaluation_result_id if ids.evaluation else None
    if solution is None and evaluation is None:
        return blake2b(entry, digest_size=16).digest()
    return blake2b(f"{task}\x1f{solution}\x1f{evaluation}".encode(errors="surrogatepass"), digest_size=16).digest()
