"""Dataset build against two ordinary scripts, in one run: rows/s, peak memory, ratios.

    python -m benchmarks.build                        200,000 rows, both rivals, audit timed apart
    python -m benchmarks.build --rows 1000000 --no-rivals --parquet

Each contestant runs in a process of its own on the same raw dump, which is made by the arena's seeding and lies in the
page cache; the best of `--repeat` runs counts.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from score_model.dataset import AuditRow, DatasetPaths, build_dataset

RIVALS = {"plain json + dictionaries": "plain_json", "dataclass + asdict": "dataclass_rows"}


def write_dump(path: Path, rows: int) -> None:
    """A raw dump of seeded rows, 200 to a page; one page in fifty comes twice."""
    from score_model.arena import seed_entries  # the measured processes do without

    page: list[bytes] = []
    with path.open("wb") as file:
        for number, entry in enumerate(seed_entries(rows, 7)):
            fetched = (
                f"2026-03-01T{number // 200 // 3600 % 24:02}:{number // 200 // 60 % 60:02}:{number // 200 % 60:02}Z"
            )
            envelope = f',"filters":{{}},"page":{number // 200 + 1},"fetched_at":"{fetched}"}}\n'
            page.append(b'{"entry":' + entry + envelope.encode())
            if len(page) == 200:
                file.write(b"".join(page) * (2 if number // 200 % 50 == 0 else 1))
                page.clear()
        file.write(b"".join(page))


def run_ours(raw: Path, folder: Path, *, assess: bool, parquet: bool) -> None:
    """One build in this process; prints its figures as JSON."""
    audit = _assess if assess else None
    result = build_dataset([raw], out=DatasetPaths.of(folder, "ours"), assess=audit, parquet=parquet)
    seconds = result.seconds
    print(
        json.dumps(
            {
                "samples": result.counts.samples,
                "build": seconds.index + seconds.write,
                "audit": seconds.assess,
                "parquet": seconds.parquet,
            }
        )
    )


def _assess(rows: Iterable[AuditRow]) -> dict[int, str]:
    from score_model.dataset.audit import assess  # the build without audit does without

    return assess(rows).qualities


class Run(NamedTuple):
    """One process: wall-clock and CPU seconds, peak resident MB, stdout."""

    seconds: float
    cpu: float
    peak: float
    output: str


def measure(arguments: list[str]) -> Run:
    """Runs one contestant in a process of its own."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments} ended with {process.returncode}")
    return Run(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--no-rivals", action="store_true")
    parser.add_argument("--parquet", action="store_true")
    parser.add_argument("--ours", nargs=2, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--assess", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ours:
        run_ours(*options.ours, assess=options.assess, parquet=options.parquet)
        return
    with tempfile.TemporaryDirectory(prefix="score-model-bench-") as name:
        compare(Path(name), options.rows, options.repeat, rivals=not options.no_rivals, parquet=options.parquet)


def compare(folder: Path, rows: int, repeat: int, *, rivals: bool, parquet: bool) -> None:
    """Measures every contestant on one dump and prints the table."""
    raw = folder / "raw.jsonl"
    write_dump(raw, rows)
    size = raw.stat().st_size
    with raw.open("rb") as file:
        lines = sum(1 for _ in file)
    print(f"{lines:,} raw rows, {size / 1e6:,.0f} MB, {size / lines:,.0f} bytes a row")
    ours = ["-m", "benchmarks.build", "--ours", str(raw), str(folder)]
    best = min(measure(ours) for _ in range(repeat))
    print(_line("score-model, no audit", best, lines))
    audited = measure([*ours, "--assess", *(["--parquet"] if parquet else [])])
    print(_line("  with audit" + (" and Parquet" if parquet else ""), audited, lines))
    for name, seconds in json.loads(audited.output).items():
        if name in {"audit", "parquet"} and seconds > 0.1:
            print(f"{f'  of which {name}':<28}{seconds:8.2f} s{lines / seconds:12,.0f} rows/s")
    for title, module in RIVALS.items() if rivals else ():
        arguments = ["-m", f"benchmarks.build_rivals.{module}", str(raw), str(folder / "rival.jsonl")]
        rival = min(measure(arguments) for _ in range(repeat))
        ratios = f"ours is {rival.seconds / best.seconds:.1f}× (CPU {rival.cpu / best.cpu:.1f}×)"
        print(f"{_line(title, rival, lines)}   {ratios}")


def _line(title: str, run: Run, lines: int) -> str:
    rate = lines / run.seconds
    return f"{title:<28}{run.seconds:8.2f} s{rate:12,.0f} rows/s{run.cpu:8.2f} s CPU{run.peak:8,.0f} MB peak"


if __name__ == "__main__":
    main()
