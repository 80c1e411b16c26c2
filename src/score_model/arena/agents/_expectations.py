"""The file of expectations: what each agent's solution will get, one line a solution, where no evaluation looks."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Self

import msgspec

from score_model.atomic import sync_folder
from score_model.errors import ContractError

_BEGINNING = b'{"task_id":"'  # of every line, so that a torn one is known from a file of something else


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the file of expectations: what an agent's solution will get."""

    task_id: str
    solution_id: str
    agent_id: str
    profile: str
    fault: str
    status: str
    score: float
    events: list[str]


_DECODER = msgspec.json.Decoder(Expectation)


def expectations_path(database: Path) -> Path:
    """Where the expectations of an arena's agents are: beside its database, for tests and for no model."""
    return database.with_name(f"{database.stem}.expected.jsonl")


def read_expectations(path: Path) -> Iterator[Expectation]:
    """The expectations of a file, one for each solution: of several lines about the same the last.

    There may be some for solutions that were never stored, as a seeding was stopped before it stored them. Passes over
    a last line that a killed process left unfinished; raises ContractError for any other that is no expectation.
    """
    found: dict[str, Expectation] = {}
    with path.open("rb") as file:
        for number, line in enumerate(_whole_lines(file, path), start=1):
            expectation = _decoded(line, path, number)
            found[expectation.solution_id] = expectation
    yield from found.values()


class ExpectationFile:
    """A file of expectations, open for adding to it; several processes may have it open at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(0o600)  # it tells what passes
        self._file: BinaryIO = path.open("ab+")
        self._known: set[str] = set()
        self._read_to = self._lines = 0  # in bytes, and in lines
        try:
            sync_folder(path.parent)
            with self._alone():
                self._catch_up()
        except BaseException:
            self._file.close()
            raise

    def add(self, expectations: Iterable[Expectation]) -> None:
        """Add those of solutions that the file does not know. They are durable when this returns.

        Raises OSError as the file system does, and ContractError for a line in the file that is no expectation.
        """
        with self._alone():
            self._catch_up()
            new = {one.solution_id: one for one in expectations if one.solution_id not in self._known}
            lines = b"".join(msgspec.json.encode(one) + b"\n" for one in new.values())
            self._file.write(lines)
            self._file.flush()
            os.fsync(self._file.fileno())
            self._known.update(new)
            self._read_to += len(lines)
            self._lines += len(new)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Other seedings of the same arena wait until this one has added its lines."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def _catch_up(self) -> None:
        """Read what others added, and cut off what a killed one left unfinished: nothing was stored for that."""
        self._file.seek(self._read_to)
        for line in _whole_lines(self._file, self._path):
            self._lines += 1
            self._known.add(_decoded(line, self._path, self._lines).solution_id)
            self._read_to += len(line)
        self._file.truncate(self._read_to)


def _whole_lines(file: BinaryIO, path: Path) -> Iterator[bytes]:
    for line in file:
        if line.endswith(b"\n"):
            yield line
        elif not line.startswith(_BEGINNING) and not _BEGINNING.startswith(line):
            raise ContractError(f"{path} ends with what is no expectation: {line[:80]!r}")


def _decoded(line: bytes, path: Path, number: int) -> Expectation:
    try:
        return _DECODER.decode(line)
    except msgspec.DecodeError as error:
        raise ContractError(f"{path} line {number} is no expectation: {error}") from None
