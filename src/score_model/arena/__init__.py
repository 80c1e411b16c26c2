"""A local production: leaderboard export, task API, event services and two websites, over SQLite.

The generator and the settings need nothing but the core; what needs the `arena` extra is imported when first asked for,
and raises MissingExtraError where the extra is not installed.
"""

from typing import TYPE_CHECKING

from score_model.arena._settings import ApiSwitches, ArenaSettings, Clock
from score_model.arena._urls import ArenaUrls
from score_model.arena.export import Miner, Outage, SeedPlan, seed_entries
from score_model.extras import import_on_demand

if TYPE_CHECKING:
    from score_model.arena.database.engine import open_engine
    from score_model.arena.evaluation import (
        EvaluationReport,
        Evaluator,
        WorkerSettings,
        evaluating_beside,
        running_evaluator,
    )
    from score_model.arena.export import ImportReport, import_dumps, import_entries
    from score_model.arena.server import running_arena, serve

__all__ = [
    "ApiSwitches",
    "ArenaSettings",
    "ArenaUrls",
    "Clock",
    "EvaluationReport",
    "Evaluator",
    "ImportReport",
    "Miner",
    "Outage",
    "SeedPlan",
    "WorkerSettings",
    "evaluating_beside",
    "import_dumps",
    "import_entries",
    "open_engine",
    "running_arena",
    "running_evaluator",
    "seed_entries",
    "serve",
]

_ROOM_OF = {
    "EvaluationReport": "evaluation",
    "Evaluator": "evaluation",
    "ImportReport": "export",
    "WorkerSettings": "evaluation",
    "evaluating_beside": "evaluation",
    "import_dumps": "export",
    "import_entries": "export",
    "open_engine": "database.engine",
    "running_arena": "server",
    "running_evaluator": "evaluation",
    "serve": "server",
}
__getattr__ = import_on_demand(__name__, _ROOM_OF, "the arena", "arena")
