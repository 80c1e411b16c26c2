"""How fast the crawl is, against two rivals over the same local server, in the same run.

1. At 50 ms latency, against a sequential `requests` loop with a 100 ms pause between pages (the usual script): the
   crawl alone, and the whole `score-model mirror` with dataset, audit, Parquet and metrics.
2. At no latency, against bare aiohttp that fetches the same pages as concurrently and writes the bodies to disk:
   what is left of the transport's speed once rows are split, proven complete, deduplicated and journaled.

    python -m benchmarks.crawl [--rows 100000] [--limit 200] [--connections 8]
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import requests

from score_model.client import ClientSettings
from score_model.dataset import DatasetPaths
from score_model.ingest import Cell, CrawlMode, CrawlPlan
from score_model.mirror import fetch

PAUSE_S = 0.1


def seeded(folder: Path, rows: int) -> Path:
    """An arena database with generated rows."""
    database = folder / "arena.sqlite"
    command = [sys.executable, "-m", "score_model", "arena", "seed", "--rows", str(rows), "--database", str(database)]
    subprocess.run(command, check=True, capture_output=True)
    return database


@contextmanager
def served(database: Path, latency_ms: float) -> Iterator[str]:
    """The arena's leaderboard in a process of its own; gives its URL."""
    command = [
        sys.executable, "-m", "score_model", "arena", "serve", "--port", "0",
        "--database", str(database), "--latency-ms", str(latency_ms),
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        try:
            yield json.loads(server.stdout.readline())["leaderboard_url"]
        finally:
            server.terminate()


def ours(url: str, folder: Path, limit: int, connections: int) -> float:
    """Seconds that the crawl takes for everything."""
    settings = ClientSettings(base_url=url, concurrency=connections, max_requests_per_second=0)
    plan = CrawlPlan(cells=(Cell(),), pages_per_filter=None, limit=limit)
    paths = DatasetPaths.of(folder, f"crawl{time.monotonic_ns()}")
    started = time.perf_counter()
    asyncio.run(fetch(settings, plan, paths, mode=CrawlMode(), now=lambda: "2025-11-12T00:00:00Z"))
    return time.perf_counter() - started


def command(url: str, folder: Path, limit: int, connections: int) -> float:
    """Seconds that `score-model mirror` takes for everything, its start included."""
    started = time.perf_counter()
    arguments = [
        sys.executable, "-m", "score_model", "mirror", "--base-url", url, "--pages-per-filter", "all",
        "--limit", str(limit), "--concurrency", str(connections), "--max-requests-per-second", "0",
        "--data-dir", str(folder), "--output-prefix", "whole",
    ]  # fmt: skip
    done = subprocess.run(arguments, check=False, capture_output=True)
    if done.returncode not in (0, 1):  # 1: rows that break the contract, which the arena seeds on purpose
        raise SystemExit(done.stderr.decode())
    return time.perf_counter() - started


def sequential(url: str, folder: Path, limit: int) -> float:
    """Seconds that a plain loop takes: one page after the other, a pause between them."""
    started = time.perf_counter()
    page = 1
    with (folder / "sequential.jsonl").open("w") as file:
        while True:
            data = requests.get(url, params={"page": page, "limit": limit}, timeout=60).json()["data"]
            for entry in data["tasks"]:
                file.write(json.dumps({"entry": entry, "filters": {}, "page": page, "fetched_at": ""}) + "\n")
            if page >= data["totalPages"]:
                return time.perf_counter() - started
            page += 1
            time.sleep(PAUSE_S)


async def bare(url: str, folder: Path, limit: int, connections: int, pages: int) -> float:
    """Seconds that bare aiohttp takes to fetch the pages and write their bodies."""
    started = time.perf_counter()
    numbers = iter(range(1, pages + 1))
    with (folder / "bare.jsonl").open("wb") as file:
        async with aiohttp.ClientSession() as session:

            async def work() -> None:
                for page in numbers:
                    async with session.get(url, params={"page": str(page), "limit": str(limit)}) as answer:
                        file.write(await answer.read())

            await asyncio.gather(*(work() for _ in range(connections)))
    return time.perf_counter() - started


def main() -> None:
    """Measures and prints both comparisons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--repeats", type=int, default=3, help="of the comparison without latency; the best counts")
    options = parser.parse_args()
    rows, limit, connections = options.rows, options.limit, options.connections
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = seeded(folder, rows)
        print(f"{rows:,} rows, {limit} per page, {connections} connections")
        with served(database, 0) as url:
            ours(url, folder, limit, connections)  # the server's caches are warm for both from here on
            pages = -(-rows // limit)
            crawls = [ours(url, folder, limit, connections) for _ in range(options.repeats)]
            rivals = [asyncio.run(bare(url, folder, limit, connections, pages)) for _ in range(options.repeats)]
        mine, rival = min(crawls), min(rivals)
        print(f"no latency:  ours {rows / mine:,.0f} rows/s, bare aiohttp {rows / rival:,.0f} rows/s: "
              f"{rival / mine:.0%} of bare (aim: at least 50 %)")  # fmt: skip
        with served(database, 50) as url:
            mine = ours(url, folder, limit, connections)
            whole = command(url, folder, limit, connections)
            rival = sequential(url, folder, limit)
        print(f"50 ms away:  ours {mine:.1f} s, sequential requests with {PAUSE_S * 1000:.0f} ms pauses {rival:.1f} s: "
              f"{rival / mine:.1f} times as fast (aim: at least 12)")  # fmt: skip
        print(f"             the whole mirror command {whole:.1f} s: "
              f"{rival / whole:.1f} times as fast (aim: at least 10)")  # fmt: skip


if __name__ == "__main__":
    main()
