"""What the commands of `score-model arena` share: its database, its event loop, how it evaluates."""

import asyncio
import secrets
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from score_model.cli._environment import variable
from score_model.errors import UsageError

if TYPE_CHECKING:
    from score_model.arena import WorkerSettings
    from score_model.replay import ReplaySettings

T = TypeVar("T")


def database_path(given: str | None, data_dir: Path) -> Path:
    """The SQLite file that `--database` or the data directory names; raises UsageError for another kind of database."""
    if given is None:
        return data_dir / "arena" / "arena.sqlite"
    scheme, separator, rest = given.partition("://")
    if not separator:
        return Path(given)
    path = rest.removeprefix("/")
    if scheme != "sqlite" or not rest.startswith("/") or not path or path == ":memory:":
        raise UsageError(f"--database takes an SQLite file or a sqlite:///FILE URL, not a {scheme} URL")
    return Path(path)


def run_on_uvloop(main: "Coroutine[Any, Any, T]") -> T:
    """What `main` returns; run on uvloop where there is one."""
    if sys.platform == "win32":
        return asyncio.run(main)
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


def evaluation_settings(
    parallel: int, *, limit: int | None = None, watch: bool = False, traces: Path | None = None
) -> "tuple[ReplaySettings, WorkerSettings]":
    """How an evaluation replays and works. Raises UsageError for numbers that make no sense."""
    from score_model.arena import WorkerSettings
    from score_model.replay import ReplaySettings

    named = variable("SCORE_MODEL_BROWSER")
    replaying = ReplaySettings(parallel=parallel, browser=Path(named) if named else None)
    name = f"worker-{secrets.token_hex(8)}"
    return replaying, WorkerSettings(name=name, limit=limit, watch=watch, traces=traces)
