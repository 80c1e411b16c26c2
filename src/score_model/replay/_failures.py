"""The list of solutions that could not be replayed: a file beside the traces."""

from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec

from score_model.atomic import atomic_write
from score_model.errors import UsageError
from score_model.replay._outcome import ReplayFailure

NAME = "failed.ndjson"
"""Not `.jsonl`: that is what traces are called."""

_Key = tuple[str, str]  # task and solution


class FailureList:
    """`<output>/failed.ndjson`: one line of JSON for each solution that failed and has not been replayed since.

    A line is added as soon as a solution failed; the lines of solutions that have been replayed since go when the list
    is closed. Raises UsageError if the file can't be written.
    """

    def __init__(self, output: Path) -> None:
        self.path = output / NAME
        self._failures: dict[_Key, ReplayFailure] = {}
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        for line in self.path.read_bytes().splitlines() if self.path.exists() else ():
            try:
                self._remember(msgspec.json.decode(line, type=ReplayFailure))
            except msgspec.DecodeError:  # the torn end of a run that was killed
                continue
        self._rewrite()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        if error is None:
            self._rewrite()

    def add(self, failure: ReplayFailure) -> None:
        """A solution failed."""
        self._remember(failure)
        try:
            if self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self.path.open("ab")
            self._file.write(msgspec.json.encode(failure) + b"\n")
            self._file.flush()
        except OSError as error:
            raise UsageError(f"can't write {self.path}: {error.strerror or error}") from None

    def done(self, task_id: str, solution_id: str) -> None:
        """A solution has been replayed."""
        self._failures.pop((task_id, solution_id), None)

    def _remember(self, failure: ReplayFailure) -> None:
        self._failures[failure.task_id, failure.solution_id] = failure

    def _rewrite(self) -> None:
        try:
            if not self._failures:
                self.path.unlink(missing_ok=True)
                return
            with atomic_write(self.path) as file:
                for failure in self._failures.values():
                    file.write(msgspec.json.encode(failure) + b"\n")
        except OSError as error:
            raise UsageError(f"can't write {self.path}: {error.strerror or error}") from None
