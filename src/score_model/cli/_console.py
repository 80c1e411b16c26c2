"""How commands talk: people read stderr, scripts read one JSON object on stdout."""

import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import msgspec

from score_model.printable import make_printable

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_PLAIN_EVERY_S = 5.0
_SAME_EVERY = 6  # a plain line that has not changed is said again every sixth time: the work is alive


def say(*lines: str) -> None:
    """Prints lines for people, on stderr. Control characters from outside are not passed on to the terminal."""
    for line in lines:
        sys.stderr.write(make_printable(line) + "\n")


def print_json(value: Any) -> None:
    """Prints the one JSON object of `--json`, on stdout."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    sys.stdout.flush()


class ProgressLine:
    """Progress of one long task: a bar on a terminal, one plain line every few seconds off it, nothing when quick.

    `unit` names what is counted, in the plural. Plain lines say what is at work when they are due, however long that
    takes, and so come from a thread of their own.
    """

    def __init__(self, title: str, unit: str, *, plain_every_s: float = _PLAIN_EVERY_S) -> None:
        self._title, self._unit, self._plain_every_s = title, unit, plain_every_s
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._line = ""
        self._ended = threading.Event()
        self._teller: threading.Thread | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeElapsedColumn,
                TimeRemainingColumn,
            )

            self._bar = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn(self._unit),
                TimeElapsedColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task(self._title, total=None)
        else:
            self._teller = threading.Thread(target=self._tell, daemon=True)
            self._teller.start()
        return self

    def show(self, done: int, total: int | None = None, detail: str = "") -> None:
        """Says that `done` of `total` (None: unknown) are behind us; `detail` names what is at work."""
        title = f"{self._title}: {detail}" if detail else self._title
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=done, total=total, description=make_printable(title))
        elif detail and not done and not total:
            self._line = title
        else:
            self._line = f"{title}: {done:,}{f' of {total:,}' if total else ''} {self._unit}"

    def _tell(self) -> None:
        """Says where things stand whenever a line is due."""
        said, times = "", 0
        while not self._ended.wait(self._plain_every_s):
            line, times = self._line, times + 1
            if line and (line != said or times >= _SAME_EVERY):
                try:
                    say(line)
                except OSError:  # nobody reads any more; the command's own next line finds out
                    return
                said, times = line, 0

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()
        if self._teller:
            self._ended.set()
            self._teller.join()
