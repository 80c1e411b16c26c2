"""How commands talk: people read stderr, scripts read one JSON object on stdout."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import msgspec

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_PLAIN_EVERY_S = 5.0


def say(*lines: str) -> None:
    """Prints lines for people, on stderr. Control characters from outside are not passed on to the terminal."""
    for line in lines:
        sys.stderr.write("".join(c if c.isprintable() else "�" for c in line) + "\n")


def print_json(value: Any) -> None:
    """Prints the one JSON object of `--json`, on stdout."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    sys.stdout.flush()


class ProgressLine:
    """Progress of one long task: a bar on a terminal, one plain line every few seconds off it, nothing when quick.

    `unit` names what is counted, in the plural.
    """

    def __init__(self, title: str, unit: str) -> None:
        self._title, self._unit = title, unit
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._said_at = time.monotonic()

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
                TextColumn("{task.description}"),
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
        return self

    def show(self, done: int, total: int | None = None, detail: str = "") -> None:
        """Says that `done` of `total` (None: unknown) are behind us; `detail` names what is at work."""
        title = f"{self._title}: {detail}" if detail else self._title
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=done, total=total, description=title)
        elif time.monotonic() - self._said_at >= _PLAIN_EVERY_S:
            self._said_at = time.monotonic()
            say(f"{title}: {done:,}{f' of {total:,}' if total else ''} {self._unit}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()
