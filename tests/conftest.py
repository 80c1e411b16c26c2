"""What all tests share."""

import marshal
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent
_PYC_HEADER = 16  # bytes before the code (PEP 552)

# Machines are noisy: a slow example says nothing about the code.
settings.register_profile("score-model", deadline=None)
settings.load_profile("score-model")

# Programs started from a shell's background ignore Ctrl-C, and so would the commands that tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first, everything else in its order: workers that start them last leave the others idle."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The suite leaves the tree as it found it: a cached file that does not load would break every later command."""
    if hasattr(session.config, "workerinput"):
        return
    broken = [str(path.relative_to(ROOT)) for path in broken_caches(ROOT / "src", ROOT / "tests")]
    if broken:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        raise pytest.UsageError(f"cached files that do not load: {', '.join(broken)}")


def broken_caches(*folders: Path) -> Iterator[Path]:
    """The cached files below the folders that Python could not load."""
    for folder in folders:
        for path in sorted(folder.rglob("*.pyc")):
            try:
                marshal.loads(path.read_bytes()[_PYC_HEADER:])
            except (EOFError, ValueError, TypeError):
                yield path
