"""The leaderboard export (export contract, section 1): its query, its pages, and the rows that fill it.

Generating rows needs nothing but the core; what reads or stores them is imported at first use.
"""

from typing import TYPE_CHECKING

from score_model.arena.export._seed import seed_entries
from score_model.arena.export._seed_actions import SPELLINGS, respelled
from score_model.arena.export._seed_plan import Miner, Outage, SeedPlan
from score_model.extras import import_on_demand

if TYPE_CHECKING:
    from score_model.arena.export._import import ImportReport, import_dumps, import_entries
    from score_model.arena.export._pages import PageReader
    from score_model.arena.export._query import ExportQuery, Paging, SeasonQuery, read_export_query

__all__ = [
    "SPELLINGS",
    "ExportQuery",
    "ImportReport",
    "Miner",
    "Outage",
    "PageReader",
    "Paging",
    "SeasonQuery",
    "SeedPlan",
    "import_dumps",
    "import_entries",
    "read_export_query",
    "respelled",
    "seed_entries",
]

_MODULE_OF = {
    "ExportQuery": "_query",
    "ImportReport": "_import",
    "PageReader": "_pages",
    "Paging": "_query",
    "SeasonQuery": "_query",
    "import_dumps": "_import",
    "import_entries": "_import",
    "read_export_query": "_query",
}
__getattr__ = import_on_demand(__name__, _MODULE_OF, "the arena", "arena")
