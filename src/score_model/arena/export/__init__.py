"""The leaderboard export (export contract, section 1): its query, its pages, and the rows that fill it."""

from score_model.arena.export._import import ImportReport, import_dumps, import_entries
from score_model.arena.export._pages import PageReader
from score_model.arena.export._query import ExportQuery, Paging, SeasonQuery, read_export_query
from score_model.arena.export._seed import seed_entries
from score_model.arena.export._seed_actions import SPELLINGS, respelled
from score_model.arena.export._seed_plan import Miner, Outage, SeedPlan

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
