"""Running a crawl in a test: a real client against a real (misbehaving) server, into a real folder."""

import json
import time
from pathlib import Path
from typing import Any

from score_model.client import ApiSession, ClientSettings, LeaderboardClient, RetryPolicy
from score_model.ingest import CrawlMode, CrawlPlan, CrawlReport, Progress, RawDump, crawl, crawl_report

QUICK = RetryPolicy(attempts=5, wait_initial_s=0.001, wait_max_s=0.01, wait_jitter_s=0.001)
FRESH = CrawlMode()
NOW = "2025-11-12T00:00:00Z"


def paths(folder: Path) -> tuple[Path, Path]:
    """Dump and journal of a test's crawl."""
    return folder / "raw" / "p.jsonl", folder / "raw" / "p.journal.jsonl"


async def run_crawl(
    url: str,
    folder: Path,
    plan: CrawlPlan,
    *,
    mode: CrawlMode = FRESH,
    concurrency: int = 4,
    progress: Progress | None = None,
) -> bool:
    """Crawls `url` into `folder`; returns whether anything was to be done."""
    settings = ClientSettings(base_url=url, concurrency=concurrency, max_requests_per_second=0, retry=QUICK)
    with RawDump(*paths(folder)) as dump:
        async with ApiSession(settings, clock=time.time) as session:
            client = LeaderboardClient(session)
            return await crawl(
                client,
                plan,
                dump,
                endpoint=client.endpoint,
                now=lambda: NOW,
                mode=mode,
                concurrency=concurrency,
                progress=progress,
            )


def lines(folder: Path) -> list[dict[str, Any]]:
    """The dump's lines."""
    return [json.loads(line) for line in paths(folder)[0].read_text().splitlines()]


def solution_ids(folder: Path) -> list[str]:
    """The solutions of the dump, in its order."""
    return [line["entry"]["solution"]["taskSolutionId"] for line in lines(folder)]


def report_of(folder: Path) -> CrawlReport:
    """What the journal adds up to."""
    with RawDump(*paths(folder)) as dump:
        return crawl_report(dump.events)
