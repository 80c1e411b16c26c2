"""How fast replay is, against two rivals over the same scripted answers on the same arena, in the same run.

1. On click-heavy solutions (three clicks at least), against upstream's way: a browser for each, up to 3 s for a
   navigation after every click, up to 10 s for an element. Right answers apart from wrong ones, and of the right ones
   those that click in vain apart: for what is not there the timeouts alone are compared. Recorded pauses cost both ways
   the same; the ratio is given with them, and with their seconds taken off both.
2. Against a bare Playwright loop with one warm browser, the same rest rule and timeouts, but no instruments, and
   against score-model when it records nothing: on solutions that find all their elements, since waiting for others
   would hide what recording costs.
3. Bytes of the traces, against the same records as plain JSON lines.
4. With 1, 2 and 4 solutions at a time; everything else is measured with two.

    python -m benchmarks.replay [--right 6] [--wrong 2] [--bare 6] [--rounds 3] [--scaling 8]

Contestants take turns at every few solutions, each time another one first; a rate is that of solutions that are never
waited for: at a time x 60 s / mean seconds of one. The arena runs in a process of its own.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from statistics import fmean, median

import msgspec
from playwright.async_api import async_playwright

from benchmarks.arena import arena
from benchmarks.replay_rivals import Rivals
from benchmarks.replay_solutions import clicks, pauses_s, solutions
from benchmarks.replay_turns import LANES, Replayed, Results, in_turns, report, seconds, side_by_side, sizes
from score_model.arena._urls import SiteUrls
from score_model.arena.evaluation import site_map
from score_model.arena.sites import SITES
from score_model.contract import Sample
from score_model.replay import Replayer, ReplayFailure, ReplayJob, ReplaySettings, SiteMap, find_browser
from score_model.replay._sites.events import EventSources

CLICK_HEAVY = 3  # clicks at least
AT_A_TIME = (1, 2, 4)
OURS, SILENT, UPSTREAM, BARE = "score-model", "score-model, not recording", "upstream's way", "bare Playwright"


class Comparison:
    """Contestants on one arena; each replay has an identity and a trace of its own."""

    def __init__(self, sites: SiteMap, folder: Path, replayer: Replayer, rivals: Rivals) -> None:
        self.sites, self.folder, self.replayer, self.rivals = sites, folder, replayer, rivals
        self._runs = count()

    def job(self, row: Sample) -> ReplayJob:
        """A job that nobody has had before."""
        return ReplayJob.from_sample(row, self.sites, run_id=f"bench-{next(self._runs)}")

    async def recording(self, row: Sample) -> tuple[bool | None, int]:
        """score-model's replay, with everything in a trace."""
        return await self._ours(row, self.folder / f"{next(self._runs)}.jsonl.zst")

    async def silent(self, row: Sample) -> tuple[bool | None, int]:
        """score-model's replay without instruments."""
        return await self._ours(row, None)

    async def upstream(self, row: Sample) -> tuple[bool | None, int]:
        """Upstream's way."""
        return await self.rivals.upstream(self.job(row)), 0

    async def _ours(self, row: Sample, trace: Path | None) -> tuple[bool | None, int]:
        job = self.job(row)
        outcome = await self.replayer.replay(lambda _attempt: job, trace)
        if isinstance(outcome, ReplayFailure):
            print(f"  no verdict: {outcome.reason}")
            return None, 0
        return outcome.label, outcome.failed_actions

    async def against_upstream(self, rows: list[Sample]) -> None:
        """Prints the first comparison."""
        results = await in_turns(rows, {OURS: self.recording, UPSTREAM: self.upstream}, 2 * LANES)
        in_vain = {one.row.solution_id for one in results[OURS] if one.missed}
        for title, passing, vain in (
            ("right answers that find all elements", True, False),
            ("right answers with clicks in vain", True, True),
            ("wrong answers", False, None),
        ):
            chosen = {
                row.solution_id for row in rows
                if row.passed is passing and vain in (None, row.solution_id in in_vain)
            }  # fmt: skip
            part = {name: [one for one in done if one.row.solution_id in chosen] for name, done in results.items()}
            if chosen:
                _print_against_upstream(f"{len(chosen)} click-heavy {title}", part)

    async def against_bare(self, rows: list[Sample], rounds: int) -> None:
        """Prints the second comparison."""
        browser = await self.rivals.launch()

        async def bare(row: Sample) -> tuple[bool | None, int]:
            return await self.rivals.bare(browser, self.job(row)), 0

        contestants = {OURS: self.recording, SILENT: self.silent, BARE: bare}
        try:
            played = [await in_turns(rows, contestants, 2 * LANES, first) for first in range(rounds)]
        finally:
            await browser.close()
        print(f"{len(rows)} solutions, {fmean(row.num_actions for row in rows):.1f} actions each, {rounds} rounds")
        for name in contestants:
            report(name, [one for results in played for one in results[name]])
        for rival in (BARE, SILENT):
            ratios = [seconds(results[OURS]) / seconds(results[rival]) for results in played]
            print(f"  {median(ratios):.2f} times the time of {rival}, median of rounds ({min(ratios):.2f} to "
                  f"{max(ratios):.2f}; aim: at most 1.2)")  # fmt: skip

    async def scaling(self, rows: list[Sample]) -> list[Replayed]:
        """Prints solutions/minute by how many are replayed at a time; gives the replays of the first turn."""
        turns = {}
        for lanes in AT_A_TIME:
            if lanes <= len(rows):  # fewer would not be so many at a time
                turns[lanes] = await side_by_side(rows, self.recording, lanes)
        print(f"{len(rows)} solutions, {fmean(row.num_actions for row in rows):.1f} actions each")
        for lanes, done in turns.items():
            report(f"{lanes} at a time", done, lanes)
        alone = seconds(turns[1])
        print("  " + ", ".join(f"{lanes}: {lanes * alone / seconds(done):.2f} times" for lanes, done in turns.items()))
        return turns[1]


def _print_against_upstream(title: str, results: Results) -> None:
    rows = [one.row for one in results[OURS]]
    pauses = fmean(map(pauses_s, rows))
    print(f"{title}: {fmean(map(clicks, rows)):.1f} clicks of {fmean(row.num_actions for row in rows):.1f} actions, "
          f"{pauses:.2f} s of pauses each")  # fmt: skip
    for name, done in results.items():
        report(name, done)
    theirs = {one.row.solution_id: one.seconds for one in results[UPSTREAM]}
    ratios = [theirs[one.row.solution_id] / one.seconds for one in results[OURS]]
    ours, upstream = seconds(results[OURS]), seconds(results[UPSTREAM])
    unpaused = (upstream - pauses) / (ours - pauses)
    print(f"  {upstream / ours:.1f} times as fast, {unpaused:.1f} times without the pauses (aim: at least 5); "
          f"by solution {min(ratios):.1f} to {max(ratios):.1f}, median {median(ratios):.1f}")  # fmt: skip


def heavy(seed: int, most: int, *, passed: bool) -> Iterator[Sample]:
    """Click-heavy solutions."""
    chosen = (row for row in solutions(seed) if row.passed is passed and clicks(row) >= CLICK_HEAVY)
    return islice(chosen, most)


async def compare(urls: SiteUrls, folder: Path, options: argparse.Namespace) -> None:
    """Measures and prints all comparisons on a running arena."""
    sites = site_map(urls)
    async with async_playwright() as playwright, EventSources() as sources:
        browser = Path(find_browser(options.browser, playwright.chromium.executable_path))
        settings = ReplaySettings(browser=browser, recycle_after=10_000)  # nor is the bare loop's browser replaced
        rivals = Rivals(playwright, str(browser), sites.mapping(SITES), sources, settings)
        async with Replayer(sites, settings, clock_us=lambda: time.time_ns() // 1000, websites=SITES) as replayer:
            comparison = Comparison(sites, folder, replayer, rivals)
            every = list(islice(solutions(options.seed), options.scaling + 1))
            await comparison.silent(every.pop())  # all is warm from here on
            if every:
                calm = [one.row for one in await comparison.scaling(every) if not one.missed]
                if calm[: options.bare] and options.rounds:
                    await comparison.against_bare(calm[: options.bare], options.rounds)
            await comparison.against_upstream(
                [*heavy(options.seed, options.right, passed=True), *heavy(options.seed, options.wrong, passed=False)]
            )


def main() -> None:
    """Starts an arena on free ports and compares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--right", type=int, default=6, help="right answers that upstream's way is given")
    parser.add_argument("--wrong", type=int, default=2, help="wrong answers that upstream's way is given")
    parser.add_argument("--bare", type=int, default=6, help="solutions that the bare loop is given, at most")
    parser.add_argument("--rounds", type=int, default=3, help="how often the bare loop is given them")
    parser.add_argument("--scaling", type=int, default=8, help="solutions that are replayed 1, 2 and 4 at a time")
    parser.add_argument("--seed", type=int, default=0, help="of tasks and agents")
    parser.add_argument("--browser", type=Path, help="its executable; without, one is looked for")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, arena(Path(name) / "arena.sqlite") as urls:
        print(f"load average {os.getloadavg()[0]:.1f} before")
        places = msgspec.convert(urls, SiteUrls)
        asyncio.run(compare(places, Path(name), options))
        sizes(sorted(Path(name).glob("*.jsonl.zst")), Path(name))
        print(f"load average {os.getloadavg()[0]:.1f} after")


if __name__ == "__main__":
    main()
