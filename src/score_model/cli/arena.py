"""`score-model arena`: a production of one's own, on this machine."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import cyclopts

from score_model.cli._arena_options import database_path, evaluation_settings, run_on_uvloop
from score_model.cli._console import ProgressLine, print_json, say
from score_model.cli._environment import DEFAULT_DATA_DIR, DataDir, clock_us, variable
from score_model.errors import UsageError

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from score_model.arena import ArenaSettings, ArenaUrls, ImportReport

app = cyclopts.App(
    name="arena",
    help="Run a local production: task API, leaderboard export and two websites.",
)

app.command("score_model.cli.arena_token:token", name="token")
app.command("score_model.cli.arena_evaluate:evaluate", name="evaluate")

_EVALUATED_AT_ONCE = 2
_KEY = "SCORE_MODEL_ARENA_KEY"
_TOKEN = "SCORE_MODEL_ARENA_TOKEN"  # noqa: S105 - the name of a variable, not a secret


@app.command
def serve(
    *,
    host: str = "127.0.0.1",
    port: Annotated[int, cyclopts.Parameter(validator=cyclopts.validators.Number(gte=0, lte=65535))] = 8091,
    site_ports: Literal["production", "free"] = "production",
    allowed_host: list[str] | None = None,
    latency_ms: float = 0.0,
    demand: list[Literal["nonce", "run_id"]] | None = None,
    paging: Literal["page", "cursor", "next_url", "next_page", "link", "total", "bare"] = "cursor",
    envelope: Literal[
        "results", "items", "data", "tasks", "data.results", "data.items", "data.data", "data.tasks"
    ] = "results",
    claim_ttl_s: float = 900.0,
    evaluate: bool = False,
    model: Path | None = None,
    website: list[str] | None = None,
    key_env: str = _KEY,
    token_env: str = _TOKEN,
    database: str | None = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> int:
    """Serve the task API, the leaderboard export and the websites until SIGTERM or Ctrl-C.

    Prints one line of JSON with its addresses on stdout when it is ready. Demands a bearer token if the environment
    variable holds one or `score-model arena token` made one, and serves other machines only then. The websites and the
    event service listen on this machine alone, on ports 8000, 8001 and 8090: recorded URLs name production's ports.

        score-model arena serve
        score-model arena serve --site-ports free
        score-model arena serve --port 0
        score-model arena serve --model data/score_model_pipeline/models/leaderboard_20251110_163155

    Parameters
    ----------
    host: str
        Address to listen on.
    port: int
        Port of the API; 0 picks free ones for everything.
    site_ports: str
        Ports of the websites and the event service: production's, or free ones.
    allowed_host: list[str] | None
        Another name that clients may call the servers by, beside localhost and --host, such as a proxy's; repeatable.
    latency_ms: float
        Milliseconds to wait before each answer of the API, to stand in for a distant server.
    demand: list[str] | None
        What every request must carry: nonce, run_id; repeatable.
    paging: str
        How the task API's lists say how they go on.
    envelope: str
        Field that the rows of the task API's lists come under.
    claim_ttl_s: float
        Seconds that a claim holds.
    evaluate: bool
        Give submissions their verdicts as they come; needs a browser, as `score-model arena evaluate` does.
    model: Path | None
        A model's folder, as score-model train writes it: POST /api/score then says how likely answers are to pass.
    website: list[str] | None
        Website of a plug-in to serve beside the arena's own, by its name; repeatable.
    key_env: str
        Environment variable with the API key that the export demands as the query parameter `key`.
    token_env: str
        Environment variable with the bearer token to demand.
    database: str | None
        SQLite file, or its sqlite:/// URL; by default arena/arena.sqlite under the data directory.
    data_dir: Path
        Where the project keeps its data.
    """
    from score_model.arena import ApiSwitches, ArenaSettings, serve

    switches = ApiSwitches(
        demands=tuple(dict.fromkeys(demand or ())), paging=paging, envelope=envelope, claim_ttl_s=claim_ttl_s
    )
    settings = ArenaSettings(
        database=database_path(database, data_dir),
        host=host,
        port=port,
        key=_secret(key_env, _KEY),
        token=_secret(token_env, _TOKEN),
        latency_ms=latency_ms,
        production_ports=site_ports == "production" and port != 0,
        api=switches,
        model=model,
        websites=tuple(website or ()),
        allowed_hosts=tuple(allowed_host or ()),
    )

    def ready(urls: "ArenaUrls") -> None:
        print_json(urls.as_dict())

    beside = _evaluating(settings) if evaluate else None
    run_on_uvloop(serve(settings, clock_us, ready, beside))
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
    path = database_path(database, data_dir)
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
    rows: int | None = None,
    tasks: int | None = None,
    agents: list[str] | None = None,
    seed: int = 0,
    website: list[str] | None = None,
    database: str | None = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    json: bool = False,
) -> int:
    """Fill the arena: with rows for its leaderboard, with tasks that scripted agents have answered, or with both.

    The same numbers, seed, agents and websites always give the same bytes; what is there already is left as it is.

        score-model arena seed --rows 5000
        score-model arena seed --tasks 200 --agents perfect,wrong_item,no_answer

    Parameters
    ----------
    rows: int | None
        How many rows of the leaderboard export to make.
    tasks: int | None
        How many tasks on the two websites to make, with four or five solutions each that wait for evaluation.
    agents: list[str] | None
        Agents that answer every task, instead of the mix; repeatable, or several with commas between.
    seed: int
        Number that everything follows from.
    website: list[str] | None
        Website to make rows or tasks for; repeatable, five for rows and two for tasks by default. Tasks can be made
        for a plug-in's.
    database: str | None
        SQLite file, or its sqlite:/// URL; by default arena/arena.sqlite under the data directory.
    data_dir: Path
        Where the project keeps its data.
    json: bool
        Print the counts and what is planted in the rows as one JSON object.
    """
    if rows is None and tasks is None:
        raise UsageError("say how many to make: --rows, --tasks, or both")
    if agents is not None and tasks is None:
        raise UsageError("--agents answer tasks: say how many with --tasks")
    path = database_path(database, data_dir)
    report: dict[str, Any] = {"database": str(path)}
    if tasks is not None:
        report |= seed_tasks(path, tasks, seed, agents, website)
    if rows is not None:
        report |= _seed_rows(path, rows, seed, website)
    if json:
        print_json(report)
    return 0


def _seed_rows(path: Path, rows: int, seed: int, website: list[str] | None) -> dict[str, Any]:
    from score_model.arena import SeedPlan, import_entries, open_engine, seed_entries

    plan = SeedPlan(websites=tuple(website)) if website else SeedPlan()
    entries = seed_entries(rows, seed, plan)
    engine = open_engine(path)
    try:
        with ProgressLine("seeding", "rows") as progress:
            report = import_entries(engine, entries, _shown(progress, rows))
    finally:
        engine.dispose()
    say(f"{report.added:,} rows added, {report.known:,} known already: {path}")
    for outage in plan.planted_outages:
        start, end = plan.window(outage)
        say(f"  planted: {outage.website} is down under validator {outage.validator_uid} from {start} to {end}")
    return {**report.as_dict(), "planted": plan.planted}


def _shown(progress: ProgressLine, total: int | None = None) -> "Callable[[ImportReport], None]":
    return lambda report: progress.show(report.added + report.known, total)


def _secret(name: str, default_name: str) -> str | None:
    value = variable(name)
    if value is None and name != default_name:
        raise UsageError(f"the environment variable {name} is not set")
    return value


def _evaluating(settings: "ArenaSettings") -> "AbstractAsyncContextManager[None]":
    from score_model.arena import evaluating_beside

    replaying, working = evaluation_settings(_EVALUATED_AT_ONCE, watch=True)
    return evaluating_beside(settings.database, replaying, clock_us, working, settings.websites)


def seed_tasks(
    database: Path, tasks: int, seed: int, agents: Sequence[str] | None, websites: Sequence[str] | None
) -> dict[str, Any]:
    """Add tasks and their solutions to the arena, say what was added, and return the counts for JSON.

    `agents` may hold several names in one, with commas between. Raises UsageError for what the arena refuses.
    """
    from score_model.arena import open_engine
    from score_model.arena.agents import SeedReport, expectations_path, seed_arena
    from score_model.arena.sites import SITES

    names = None if agents is None else [name.strip() for given in agents for name in given.split(",") if name.strip()]
    expectations = expectations_path(database)
    engine = open_engine(database)
    try:
        with ProgressLine("seeding", "tasks") as progress:

            def shown(report: SeedReport) -> None:
                progress.show(report.tasks, tasks)

            report = seed_arena(
                engine,
                expectations,
                tasks,
                seed,
                agents=names,
                sites=tuple(websites) if websites else tuple(SITES),
                progress=shown,
            )
    except OSError as error:
        raise UsageError(f"cannot write {expectations}: {error.strerror or error}") from None
    finally:
        engine.dispose()
    known_tasks, known_solutions = report.tasks - report.tasks_added, report.solutions - report.solutions_added
    say(
        f"{report.tasks_added:,} tasks and {report.solutions_added:,} solutions added, "
        f"{known_tasks:,} and {known_solutions:,} known already: {database}"
    )
    counts = report.as_dict()
    for name, count in counts["solutions_by_agent"].items():
        say(f"  {name}: {count:,}")
    say(f"  what they expect to get, for tests alone: {expectations}")
    return {**counts, "expectations": str(expectations)}
