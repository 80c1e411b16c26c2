"""A local production: leaderboard export, task API, event services and two websites, over SQLite.

The generator and the settings need nothing but the core; what needs the `arena` extra is imported when first asked for,
and raises MissingExtraError where the extra is not installed.
"""

from typing import TYPE_CHECKING

from score_model.arena._settings import ApiSwitches, ArenaSettings, Clock
from score_model.arena._urls import ArenaUrls
from score_model.arena.export._seed import seed_entries
from score_model.arena.export._seed_plan import Miner, Outage, SeedPlan
from score_model.extras import import_on_demand

if TYPE_CHECKING:
    from score_model.arena.database.engine import open_engine
    from score_model.arena.evaluation._evaluator import Evaluator, evaluating_beside, running_evaluator
    from score_model.arena.evaluation._worker import EvaluationReport, WorkerSettings
    from score_model.arena.export._import import ImportReport, import_dumps, import_entries
    from score_model.arena.server._server import running_arena, serve

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
    "EvaluationReport": "evaluation._worker",
    "Evaluator": "evaluation._evaluator",
    "ImportReport": "export._import",
    "WorkerSettings": "evaluation._worker",
    "evaluating_beside": "evaluation._evaluator",
    "import_dumps": "export._import",
    "import_entries": "export._import",
    "open_engine": "database.engine",
    "running_arena": "server._server",
    "running_evaluator": "evaluation._evaluator",
    "serve": "server._server",
}
__getattr__ = import_on_demand(__name__, _ROOM_OF, "the arena", "arena")
