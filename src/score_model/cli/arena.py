"""`score-model arena`: a leaderboard export of one's own, on this machine."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import cyclopts

from score_model.cli._console import ProgressLine, print_json, say
from score_model.cli._environment import DEFAULT_DATA_DIR, DataDir, variable
from score_model.errors import UsageError

if TYPE_CHECKING:
    from score_model.arena import ArenaUrls, ImportReport

app = cyclopts.App(
    name="arena",
    help="Run a local leaderboard export over imported or generated rows.",
)

_KEY = "SCORE_MODEL_ARENA_KEY"
_TOKEN = "SCORE_MODEL_ARENA_TOKEN"  # noqa: S105 - the name of a variable, not a secret


@app.command
def serve(
    *,
    host: str = "127.0.0.1",
    port: Annotated[int, cyclopts.Parameter(validator=cyclopts.validators.Number(gte=0, lte=65535))] = 8091,
    latency_ms: float = 0.0,
    key_env: str = _KEY,
    token_env: str = _TOKEN,
    database: str | None = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> int:
    """Serve the leaderboard export until SIGTERM or Ctrl-C.

    Prints one line of JSON with its addresses on stdout when it is ready. Demands an API key or a bearer token if the
    environment variables that hold them are set, and serves other machines only with a token.

        score-model arena serve --port 0

    Parameters
    ----------
    host: str
        Address to listen on.
    port: int
        Port to listen on; 0 picks a free one.
    latency_ms: float
        Milliseconds to wait before each answer, to stand in for a distant server.
    key_env: str
        Environment variable with the API key to demand as the query parameter `key`.
    token_env: str
        Environment variable with the bearer token to demand.
    database: str | None
        SQLite file, or its sqlite:/// URL; by default arena/arena.sqlite under the data directory.
    data_dir: Path
        Where the project keeps its data.
    """
    from score_model.arena import ArenaSettings, serve

    settings = ArenaSettings(
        database=_database(database, data_dir),
        host=host,
        port=port,
        key=_secret(key_env, _KEY),
        token=_secret(token_env, _TOKEN),
        latency_ms=latency_ms,
    )

    def ready(urls: "ArenaUrls") -> None:
        print_json(urls.as_dict())

    _run(serve(settings, ready))
    return 0


@app.command(name="import")
def import_(
    *files: Path,
    database: str | None = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    json: bool = False,
) -> int:
    """Load raw dumps, or files with one export entry a line. Rows that the arena has already are left as they are.

        score-model arena import data/score_model_pipeline/raw/leaderboard_20251110.jsonl

    Parameters
    ----------
    files: Path
        Raw dumps (.jsonl).
    database: str | None
        SQLite file, or its sqlite:/// URL; by default arena/arena.sqlite under the data directory.
    data_dir: Path
        Where the project keeps its data.
    json: bool
        Print the counts as one JSON object.
    """
    from score_model.arena import import_dumps, open_engine

    if not files:
        raise UsageError("name at least one file to import, such as raw/leaderboard.jsonl")
    path = _database(database, data_dir)
    engine = open_engine(path)
    try:
        with ProgressLine("importing", "rows") as progress:
            report = import_dumps(engine, files, _shown(progress))
    finally:
        engine.dispose()
    if json:
        print_json({"database": str(path), **report.as_dict()})
    say(f"{report.added:,} rows added, {report.known:,} known already, {report.failed:,} lines left out: {path}")
    say(*(f"  {line}" for line in report.rejected_lines))
    return 1 if report.failed else 0


@app.command
def seed(
    *,
    rows: int,
    seed: int = 0,
    website: list[str] | None = None,
    database: str | None = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    json: bool = False,
) -> int:
    """Fill the arena with generated rows; the same rows, seed and websites always give the same bytes.

        score-model arena seed --rows 5000

    Parameters
    ----------
    rows: int
        How many rows to make.
    seed: int
        Number that the rows follow from.
    website: list[str] | None
        Website to make rows for; repeatable, five by default.
    database: str | None
        SQLite file, or its sqlite:/// URL; by default arena/arena.sqlite under the data directory.
    data_dir: Path
        Where the project keeps its data.
    json: bool
        Print the counts and what is planted in the rows as one JSON object.
    """
    from score_model.arena import SeedPlan, import_entries, open_engine, seed_entries

    plan = SeedPlan(websites=tuple(website)) if website else SeedPlan()
    entries = seed_entries(rows, seed, plan)
    path = _database(database, data_dir)
    engine = open_engine(path)
    try:
        with ProgressLine("seeding", "rows") as progress:
            report = import_entries(engine, entries, _shown(progress, rows))
    finally:
        engine.dispose()
    if json:
        print_json({"database": str(path), **report.as_dict(), "planted": plan.planted})
    say(f"{report.added:,} rows added, {report.known:,} known already: {path}")
    for outage in plan.planted_outages:
        start, end = plan.window(outage)
        say(f"  planted: {outage.website} is down under validator {outage.validator_uid} from {start} to {end}")
    return 0


def _shown(progress: ProgressLine, total: int | None = None) -> "Callable[[ImportReport], None]":
    return lambda report: progress.show(report.added + report.known, total)


def _database(given: str | None, data_dir: Path) -> Path:
    if given is None:
        return data_dir / "arena" / "arena.sqlite"
    scheme, separator, rest = given.partition("://")
    if not separator:
        return Path(given)
    path = rest.removeprefix("/")
    if scheme != "sqlite" or not rest.startswith("/") or not path or path == ":memory:":
        raise UsageError(f"--database takes an SQLite file or a sqlite:///FILE URL, not a {scheme} URL")
    return Path(path)


def _secret(name: str, default_name: str) -> str | None:
    value = variable(name)
    if value is None and name != default_name:
        raise UsageError(f"the environment variable {name} is not set")
    return value


def _run(main: "Coroutine[Any, Any, None]") -> None:
    """Run on uvloop where there is one."""
    if sys.platform == "win32":
        asyncio.run(main)
        return
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main)
