"""Audit speed and memory, and how often the audit finds simulated outages or sees one where there is none.

    python -m benchmarks.audit [--rows 1000000] [--runs 20]

Prints rows per second and peak resident memory of an audit of N simulated rows that stream in (15 websites, 8
validators, 20 miners, two outages), then one line per scenario of tests/dataset/audit/scenarios.py: in how many runs an
outage was found, in how many nothing but healthy rows was flagged, and the rows missed and wrongly flagged, as shares
of the true ones where there are any.
"""

import argparse
import random
import resource
import time
from collections.abc import Iterator

from tests.dataset.audit.scenarios import SCENARIOS, START_US, World, digest, hit, simulate

from score_model.dataset import AuditRow
from score_model.dataset.audit import assess, closing_words


def stream(count: int) -> Iterator[AuditRow]:
    """Production-shaped rows over sixty days; validator 3 is down on site0 on day 10, 5 on site1 on days 20 and 21."""
    chance = random.Random(1)
    day = 24 * 3_600_000_000
    rates = [[0.0 if chance.random() < 0.15 else chance.betavariate(9, 1) for _ in range(15)] for _ in range(15)]
    for ordinal in range(count):
        created = START_US + int(60 * day * ordinal / count)
        website, use_case = chance.randrange(15), chance.randrange(15)
        validator, miner = chance.randrange(8), chance.randrange(20)
        when = (created - START_US) / day
        down = (validator, website) == (3, 0) and 10 <= when < 11
        down = down or ((validator, website) == (5, 1) and 20 <= when < 22)
        empty = chance.random() < 0.4
        passed = not empty and not down and chance.random() < rates[website][use_case]
        intent = f"{website} {use_case} {chance.randrange(40)}"
        yield AuditRow(
            ordinal=ordinal,
            website=f"site{website}",
            use_case=f"USE_CASE_{use_case}",
            group=intent,
            split=("train", "val", "test")[max(0, chance.randrange(10) - 7)],
            miner_uid=miner,
            validator_uid=validator,
            created_us=created,
            fetched_us=START_US + 61 * day + ordinal,
            score=float(passed),
            passed=passed,
            num_actions=0 if empty else chance.randint(1, 12),
            work=None if empty else digest(f"{website} {use_case} {chance.randrange(300)}"),
            exact_work=None if empty else digest(f"{ordinal}"),
            masked_intent=digest(intent),
            fetched_success=None,
        )


def speed(rows: int) -> None:
    """Prints rows/s (the simulation's own time taken off) and the peak resident memory."""
    started = time.perf_counter()
    for _ in stream(rows):
        pass
    simulated = time.perf_counter() - started
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started = time.perf_counter()
    assessment = assess(stream(rows))
    seconds = time.perf_counter() - started - simulated
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{rows:,} rows: {seconds:.1f} s, {rows / seconds:,.0f} rows/s", end=", ")
    print(f"peak {peak:.0f} MB ({peak - before:.0f} MB above start)")
    for sentence in closing_words(assessment.report):
        if "looks down" in sentence:
            print(f"  {sentence}")


def detection(runs: int) -> None:
    """Prints one line per scenario."""
    print(f"{'scenario':44} {'found':>9} {'false':>9} {'missed':>8} {'wrong':>8}")
    for name, world in SCENARIOS.items():
        print(_line(name, world, runs), flush=True)


def _line(name: str, world: World, runs: int) -> str:
    found = false = failures = missed = wrong = 0
    downs = tuple(down for down in world.downs if down.validator is not None)
    for seed in range(runs):
        rows = simulate(world, seed)
        qualities = assess(rows).qualities
        flagged = {ordinal for ordinal, quality in qualities.items() if quality == "environment_suspect"}
        true = {row.ordinal for row in rows if hit(row, downs)}
        found += bool(flagged & true)
        false += bool(flagged) and not flagged & true
        failures += len(true)
        missed += len(true - flagged)
        wrong += len(flagged - true)
    base = max(1, failures)
    share = f"{missed / base:8.1%} {wrong / base:8.1%}" if failures else f"{'-':>8} {wrong:>8}"
    return f"{name:44} {f'{found}/{runs}' if failures else '-':>9} {f'{false}/{runs}':>9} {share}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=20)
    arguments = parser.parse_args()
    speed(arguments.rows)
    detection(arguments.runs)
