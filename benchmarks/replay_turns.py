"""Contestants of benchmarks/replay.py taking turns, and what is printed of them."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from score_model.contract import Sample
from score_model.traces import TraceFooter, TraceWriter, load_trace

LANES = 2  # solutions at a time


@dataclass(frozen=True)
class Replayed:
    """One replay by one contestant. `passed` is None where there was no verdict; `missed` counts failed actions."""

    row: Sample
    seconds: float
    passed: bool | None
    missed: int = 0


Contestant = Callable[[Sample], Awaitable[tuple[bool | None, int]]]
Results = dict[str, list[Replayed]]


async def side_by_side(rows: Iterable[Sample], contestant: Contestant, lanes: int) -> list[Replayed]:
    """The rows, so many at a time."""
    waiting, done = iter(rows), []

    async def lane() -> None:
        for row in waiting:
            started = time.perf_counter()
            passed, missed = await contestant(row)
            done.append(Replayed(row, time.perf_counter() - started, passed, missed))

    async with asyncio.TaskGroup() as group:
        for _ in range(lanes):
            group.create_task(lane())
    return done


async def in_turns(rows: list[Sample], contestants: Mapping[str, Contestant], each: int, start: int = 0) -> Results:
    """What every contestant needs for the rows; they take turns after `each` of them, beginning with number `start`."""
    names, results = list(contestants), {name: list[Replayed]() for name in contestants}
    for turn, place in enumerate(range(0, len(rows), each), start):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            results[name] += await side_by_side(rows[place : place + each], contestants[name], LANES)
    return results


def seconds(done: list[Replayed]) -> float:
    """Mean seconds of a solution."""
    return fmean(one.seconds for one in done)


def report(name: str, done: list[Replayed], lanes: int = LANES) -> None:
    """Prints a contestant's rate, and how often its verdict was the one that the agent expects."""
    right = sum(one.passed == one.row.passed for one in done)
    lost = sum(one.passed is None for one in done)
    print(f"  {name:28} {lanes * 60 / seconds(done):6.1f} solutions/minute, {seconds(done):6.2f} s each, "
          f"{right} of {len(done)} verdicts as expected" + f", {lost} without" * bool(lost))  # fmt: skip


def sizes(traces: list[Path], scratch: Path) -> None:
    """Prints bytes of traces, and of the same records as plain JSON lines."""
    if not traces:
        return
    ours, plain, steps = 0, 0, 0
    inline = scratch / "inline.jsonl"
    for path in traces:
        trace = load_trace(path)
        with TraceWriter(inline, trace.header) as writer:
            for step in trace.steps:
                writer.write(step)
            writer.finish(trace.footer or TraceFooter())
        ours += path.stat().st_size
        plain += inline.stat().st_size
        steps += len(trace.steps)
        inline.unlink()
    number = len(traces)
    print(f"{number} traces, {steps / number:.1f} actions each: {ours / number:,.0f} bytes, as plain JSON lines "
          f"{plain / number:,.0f}: {plain / ours:.1f} times smaller (aim: at least 30)")  # fmt: skip
