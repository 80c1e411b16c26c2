"""The main job: crawl the leaderboard into a raw dump, then build and audit the dataset and write its metrics."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from score_model.atomic import atomic_write
from score_model.client import ApiSession, ClientSettings, LeaderboardClient
from score_model.dataset import AuditRow, BuildResult, DatasetPaths, Strategy, build_dataset
from score_model.dataset import Progress as BuildProgress
from score_model.dataset.audit import Audit, AuditReport, closing_words, totals
from score_model.ingest import CrawlMode, CrawlPlan, CrawlReport, Progress, RawDump, crawl, crawl_report


class Metrics(msgspec.Struct, frozen=True, kw_only=True):
    """What `metrics/<prefix>.json` holds. No clock is in it: the same raw bytes give the same metrics.

    `crawl` is None for a dataset built from a dump that has no journal; `summary` is what the commands print.
    """

    prefix: str
    dedupe_strategy: str
    crawl: CrawlReport | None
    dataset: dict[str, Any]
    audit: AuditReport
    summary: list[str]


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A dataset with its metrics, both on disk."""

    paths: DatasetPaths
    build: BuildResult
    metrics: Metrics


async def fetch(
    settings: ClientSettings,
    plan: CrawlPlan,
    paths: DatasetPaths,
    *,
    mode: CrawlMode,
    now: Callable[[], str],
    progress: Progress | None = None,
) -> tuple[bool, CrawlReport]:
    """Crawls into the prefix's raw dump; returns whether anything was to be done, and what the dump holds now.

    `now` gives the time as ISO 8601 text. Raises UsageError and the client's errors; what was committed stays.
    """
    with RawDump(paths.raw, journal_of(paths)) as dump:
        async with ApiSession(settings, clock=time.time) as session:
            client = LeaderboardClient(session)
            fetched = await crawl(
                client,
                plan,
                dump,
                endpoint=client.endpoint,
                now=now,
                mode=mode,
                concurrency=settings.concurrency,
                progress=progress,
            )
        return fetched, crawl_report(dump.events)


def publish(
    raws: Sequence[Path],
    paths: DatasetPaths,
    *,
    prefix: str,
    strategy: Strategy,
    crawled: CrawlReport | None = None,
    parquet: bool | None = None,
    progress: BuildProgress | None = None,
) -> Published:
    """Builds the dataset from raw dumps, audits it, and writes dataset and metrics.

    `parquet` None means: if pyarrow is installed. Raises what `build_dataset` raises.
    """
    auditor = _Auditor()
    built = build_dataset(
        raws,
        out=paths,
        strategy=strategy,
        assess=auditor.judge,
        parquet=find_spec("pyarrow") is not None if parquet is None else parquet,
        meanwhile=auditor.report_findings,
        progress=progress,
    )
    report = auditor.report
    metrics = Metrics(
        prefix=prefix,
        dedupe_strategy=str(strategy),
        crawl=crawled,
        dataset=built.counts.metrics(),
        audit=report,
        summary=[*totals(report), *(crawled.notes if crawled else []), *closing_words(report)],
    )
    with atomic_write(paths.metrics) as file:
        file.write(msgspec.json.format(msgspec.json.encode(metrics), indent=2) + b"\n")
    return Published(paths=paths, build=built, metrics=metrics)


def journal_of(paths: DatasetPaths) -> Path:
    """The journal beside a prefix's raw dump."""
    return paths.raw.with_suffix(".journal.jsonl")


def has_rows(paths: DatasetPaths) -> bool:
    """Whether a crawl of this prefix has left anything to go on with."""
    return paths.raw.exists() and paths.raw.stat().st_size > 0


class _Auditor:
    """Hands the audit's verdicts to the build and keeps its report."""

    report: AuditReport
    _audit: Audit

    def judge(self, rows: Iterable[AuditRow]) -> Mapping[int, str]:
        self._audit = Audit(rows)
        return self._audit.qualities

    def report_findings(self) -> None:
        self.report = self._audit.report()
