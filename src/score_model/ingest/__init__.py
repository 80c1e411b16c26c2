"""The resumable crawl: filter grid → raw dump + journal."""

from score_model.ingest._crawl import CrawlMode, Progress, crawl
from score_model.ingest._crawl_report import CellReport, CrawlReport, crawl_report
from score_model.ingest._dump import RawDump
from score_model.ingest._journal import read_journal
from score_model.ingest._plan import SORTS, Cell, CrawlPlan, check_prefix, filter_grid

__all__ = [
    "SORTS",
    "Cell",
    "CellReport",
    "CrawlMode",
    "CrawlPlan",
    "CrawlReport",
    "Progress",
    "RawDump",
    "check_prefix",
    "crawl",
    "crawl_report",
    "filter_grid",
    "read_journal",
]
