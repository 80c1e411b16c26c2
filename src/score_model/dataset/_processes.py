"""Helper processes that call functions of ours on the machine's other cores.

They are started by name rather than forked or spawned by multiprocessing: the caller may run threads, and its main
module may have no guard against being imported again.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

_SERVE = "import sys; from score_model.dataset._processes import serve; serve(int(sys.argv[1]))"


def spare_cores() -> int:
    """The cores that this process may use, or 0 where helpers would only cost time."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores if cores > 1 and os.name == "posix" else 0


class Helper:
    """A process that does one call after the other; `answer` gives the results in the order of `ask`."""

    def __init__(self) -> None:
        self._pipe, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-c", _SERVE, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )

    def ask(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Starts a call of a function that can be imported by name. Arguments are small: sending them never waits."""
        with suppress(BrokenPipeError):  # `answer` says so
            self._pipe.send((function, arguments))

    def answer(self) -> Any:
        """The result of the oldest call that was not answered yet. Raises what the call raised."""
        try:
            raised, result = self._pipe.recv()
        except (EOFError, ConnectionResetError):
            raise OSError("a helper process of the build ended without an answer") from None
        if raised:
            raise result
        return result

    def close(self) -> None:
        """Ends the process, whatever it is at."""
        self._pipe.close()
        self._process.terminate()
        self._process.wait()


def serve(descriptor: int) -> None:
    """Answers calls until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the caller, which ends us
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # no half file stays
    try:
        with Connection(descriptor) as pipe:
            while True:
                function, arguments = pipe.recv()
                try:
                    answer = False, function(*arguments)
                except Exception as broken:  # noqa: BLE001 - goes on in the caller
                    answer = True, broken
                pipe.send(answer)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass  # the caller has closed its end
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # we are leaving already
