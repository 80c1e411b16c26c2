"""How fast the arena's API is, against the usual handlers on the same server stack, in the same run.

1. The export: rows/s over sequential pages of 500 rows, and one deep page: cold by its number, and as the next one.
2. The task API: a deep page of the task list by its number and by its cursor.
3. Claims won by concurrent clients, with 1, 2 and 8 of them trying to get each task.

    python -m benchmarks.arena [--rows 1000000] [--tasks 100000] [--claims 1600] [--clients 32]
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import aiohttp

from benchmarks.crawl import seeded
from score_model.arena import open_engine
from score_model.arena.api import GivenTask, add_tasks

LIMIT = 500
PAGE_SIZE = 200
NOVEMBER_2025 = 1_762_531_200_000_000  # µs


@contextmanager
def arena(database: Path) -> Iterator[dict[str, str]]:
    """The arena in a process of its own; gives its addresses."""
    command = [sys.executable, "-m", "score_model", "arena", "serve", "--port", "0", "--database", str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        try:
            yield json.loads(server.stdout.readline())
        finally:
            server.terminate()


@contextmanager
def rival(database: Path) -> Iterator[str]:
    """The usual handlers in a process of their own; gives their address."""
    command = [sys.executable, "-m", "benchmarks.arena_rivals", str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.terminate()


async def timed_get(session: aiohttp.ClientSession, url: str) -> tuple[float, bytes]:
    """Seconds that a GET takes, and its body."""
    started = time.perf_counter()
    async with session.get(url) as answer:
        body = await answer.read()
        assert answer.status == 200, body[:200]
    return time.perf_counter() - started, body


async def sequential(export: str, pages: int) -> float:
    """Rows/s over the first pages, one after the other."""
    async with aiohttp.ClientSession() as session:
        await timed_get(session, f"{export}?page=1&limit={LIMIT}")
        started = time.perf_counter()
        for page in range(1, pages + 1):
            await timed_get(session, f"{export}?page={page}&limit={LIMIT}")
        return pages * LIMIT / (time.perf_counter() - started)


async def deep(export: str, page: int) -> tuple[float, float]:
    """Milliseconds (medians of 5) of a deep page that is asked for first of all, and of the one after it.

    A page of another size is another page: nothing that the server remembers of the one helps with the other.
    """
    cold, following = [], []
    async with aiohttp.ClientSession() as session:
        await timed_get(session, f"{export}?page={10**6}&limit=1")  # for the count, which each page needs
        for limit in range(LIMIT, LIMIT - 5, -1):
            cold.append((await timed_get(session, f"{export}?page={page}&limit={limit}"))[0])
            following.append((await timed_get(session, f"{export}?page={page + 1}&limit={limit}"))[0])
    return statistics.median(cold) * 1000, statistics.median(following) * 1000


async def deep_tasks(api: str, tasks: int) -> tuple[float, float]:
    """Milliseconds (medians of 20) of a page of the task list at 95 % of its length, by number and by cursor."""
    page = max(1, int(tasks * 0.95) // PAGE_SIZE)
    by_number, by_cursor = [], []
    async with aiohttp.ClientSession() as session:
        for _ in range(20):
            spent, body = await timed_get(session, f"{api}/tasks?page_size={PAGE_SIZE}&page={page}")
            by_number.append(spent)
            cursor = json.loads(body)["next_cursor"]
            spent, _ = await timed_get(session, f"{api}/tasks?page_size={PAGE_SIZE}&cursor={cursor}")
            by_cursor.append(spent)
    return statistics.median(by_number) * 1000, statistics.median(by_cursor) * 1000


async def claims(url_of: Callable[[str], str], wanted: list[str], clients: int, rivalry: int) -> float:
    """Won claims/s of clients that work through the wanted tasks, each of which `rivalry` clients try to get."""
    won = []
    share = len(wanted) // clients

    async def client(session: aiohttp.ClientSession, number: int) -> None:
        for place in range(number * share, (number + rivalry) * share):
            task = wanted[place % len(wanted)]
            async with session.post(url_of(task)) as answer:
                await answer.read()
                if answer.status == 200:
                    won.append(task)

    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        started = time.perf_counter()
        await asyncio.gather(*(client(session, number) for number in range(clients)))
        seconds = time.perf_counter() - started
    assert sorted(won) == sorted(wanted), "a task was won twice, or never"
    return len(wanted) / seconds


def given_tasks(number: int) -> Iterator[GivenTask]:
    """Tasks to list and to claim."""
    for place in range(number):
        yield GivenTask(
            id=f"task_{place:07}",
            title=f"Task {place}",
            description="Open the film and comment on it",
            created_us=NOVEMBER_2025 + place,
            inputs={"url": f"http://localhost:8000/?seed={1 + place % 300}"},
            metadata={"website": "autocinema", "use_case": "ADD_COMMENT"},
        )


def compare_export(database: Path, rows: int, pages: int) -> None:
    """Prints the export's figures."""
    page = max(1, int(rows / LIMIT * 0.95))
    with arena(database) as urls:
        cold, following = asyncio.run(deep(urls["leaderboard_url"], page))
        mine = asyncio.run(sequential(urls["leaderboard_url"], min(pages, rows // LIMIT)))
    with rival(database) as address:
        their_cold, their_following = asyncio.run(deep(f"{address}/export", page))
        theirs = asyncio.run(sequential(f"{address}/export", min(pages // 10, rows // LIMIT)))
    print(f"export, {LIMIT} rows a page:  ours {mine:,.0f} rows/s, LIMIT/OFFSET and json {theirs:,.0f} rows/s: "
          f"{mine / theirs:.1f} times as fast")  # fmt: skip
    print(
        f"page {page:,}, cold:  ours {cold:.1f} ms, theirs {their_cold:.1f} ms: {their_cold / cold:.1f} times as fast"
    )
    print(f"page {page + 1:,}, next:  ours {following:.1f} ms, theirs {their_following:.1f} ms: "
          f"{their_following / following:.1f} times as fast")  # fmt: skip


def compare_tasks(database: Path, tasks: int, claimed: int, clients: int) -> None:
    """Prints the task API's figures."""
    claimed -= claimed % clients
    names = iter(f"task_{place:07}" for place in range(tasks))
    parts = [(rivalry, list(islice(names, claimed)), list(islice(names, claimed))) for rivalry in (1, 2, 8)]
    with arena(database) as urls:
        api = urls["api_url"]
        by_number, by_cursor = asyncio.run(deep_tasks(api, tasks))
        ours = [
            asyncio.run(claims(lambda task: f"{api}/tasks/{task}/claim", mine, clients, rivalry))
            for rivalry, mine, _ in parts
        ]
    with rival(database) as address:
        theirs = [
            asyncio.run(claims(lambda task: f"{address}/claim?task={task}", other, clients, rivalry))
            for rivalry, _, other in parts
        ]
    print(f"tasks at 95 % of {tasks:,}:  by number {by_number:.1f} ms, by cursor {by_cursor:.1f} ms: "
          f"{by_number / by_cursor:.1f} times as fast")  # fmt: skip
    for (rivalry, _, _), mine, other in zip(parts, ours, theirs, strict=True):
        print(f"claims, {clients} clients, {rivalry} for each task:  ours {mine:,.0f} won/s, select then update "
              f"{other:,.0f} won/s: {mine / other:.1f} times as fast")  # fmt: skip


def main() -> None:
    """Measures and prints all comparisons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--pages", type=int, default=1_000, help="of the export, read one after the other")
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--claims", type=int, default=1_600, help="tasks that are claimed, at each degree of rivalry")
    parser.add_argument("--clients", type=int, default=32)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        database = seeded(Path(name), options.rows)
        engine = open_engine(database)
        add_tasks(engine, given_tasks(options.tasks))
        engine.dispose()
        print(f"{options.rows:,} rows, {options.tasks:,} tasks, {database.stat().st_size / 1e6:,.0f} MB")
        compare_export(database, options.rows, options.pages)
        compare_tasks(database, options.tasks, options.claims, options.clients)


if __name__ == "__main__":
    main()
