"""The part of `score-model arena seed` that makes tasks and scripted agents' solutions."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from score_model.cli._console import ProgressLine, say
from score_model.errors import UsageError


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
    unknown = sorted(set(websites or ()) - set(SITES))
    if unknown:
        raise UsageError(f"tasks are made for {' and '.join(SITES)}, not for {', '.join(unknown)}")
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
