"""What a folder of traces says of each solution: a digest and a number of each are kept, and no trace."""

import os
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

from score_model.contract import Sample
from score_model.contract.leaderboard import text_id
from score_model.errors import ContractError, MissingExtraError, UsageError
from score_model.relabel._report import MOST_EXAMPLES, TraceCounts, UnusedTrace
from score_model.replay import read_outcome
from score_model.traces import TraceHeader, iter_traces, read_trace

_UNDECIDED, _PASSED, _FAILED = 0, 1, 2  # or-ed together where several traces tell of one solution
_LABEL = {_PASSED: True, _FAILED: False}


class ReplayedLabels:
    """The verdicts of replays by task and solution; about 150 bytes a solution."""

    def __init__(self) -> None:
        self._verdicts: dict[bytes, int] = {}
        self._files = self._unused = 0
        self._examples: list[UnusedTrace] = []

    def read(self, folder: Path, progress: Callable[[int], None] | None = None) -> None:
        """Reads a folder's traces, one at a time; those that are torn, foreign or unreadable are counted and named.

        `progress` is told how many files are behind us. Raises UsageError without the folder, and MissingExtraError if
        a trace is compressed and zstandard is not installed.
        """
        for path in iter_traces(folder):
            try:
                self._add(path)
            except MissingExtraError:
                raise
            except (ContractError, UsageError, OSError) as broken:
                self._unused += 1
                if len(self._examples) < MOST_EXAMPLES:
                    self._examples.append(_name_unused(folder, path, broken))
            self._files += 1
            if progress is not None:
                progress(self._files)

    def _add(self, path: Path) -> None:
        header = next(iter(read_trace(path)))
        assert isinstance(header, TraceHeader), "read_trace begins with the header or raises"
        task_id = text_id((header.task or {}).get("taskId"))
        if not task_id or not header.solution_id:
            raise ContractError("its header names no task or no solution")
        label = read_outcome(path).label
        verdict = _UNDECIDED if label is None else _PASSED if label else _FAILED
        key = _key(task_id, header.solution_id)
        self._verdicts[key] = self._verdicts.get(key, _UNDECIDED) | verdict

    def has(self, sample: Sample) -> bool:
        """Whether a whole trace tells of the sample's solution."""
        return _key(sample.task_id, sample.solution_id) in self._verdicts

    def of(self, sample: Sample) -> bool | None:
        """Whether the solution passed when it was replayed; None if no replay could tell, or replays disagree."""
        return _LABEL.get(self._verdicts.get(_key(sample.task_id, sample.solution_id), _UNDECIDED))

    def counts(self) -> TraceCounts:
        """Everything that was counted."""
        return TraceCounts(
            files=self._files, solutions=len(self._verdicts), unused=self._unused, unused_examples=self._examples
        )


def _key(task_id: str, solution_id: str | None) -> bytes:
    text = f"{len(task_id)} {task_id}{solution_id or ''}"
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _name_unused(folder: Path, path: Path, broken: Exception) -> UnusedTrace:
    reason = broken.strerror or "can't be read" if isinstance(broken, OSError) else str(broken)
    file = os.fsencode(path.relative_to(folder)).decode("utf-8", "replace")
    return UnusedTrace(file, reason.removeprefix(f"{path}: ").replace(str(path), "this place"))
