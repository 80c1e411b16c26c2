"""Dataset build against ordinary scripts, in one run: rows/s, peak memory, ratios.

    python -m benchmarks.build                        200,000 rows, all rivals
    python -m benchmarks.build --dumps raw/*.jsonl    rows of recorded dumps instead, repeated under new ids
    python -m benchmarks.build --rows 1000000 --no-rivals

1. The build alone, against scripts that write the same JSON lines.
2. The whole `score-model dataset build` (audit, Parquet, metrics; its start included), against the first of these
   scripts when it writes Parquet as well: nobody else audits.

Each contestant runs in a process of its own on the same raw dump, which is made by the arena's seeding (or from
recorded dumps) and lies in the page cache; the best of `--repeat` runs counts. CPU seconds include helper processes;
the peak is that of the largest process.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from score_model.dataset import DatasetPaths, build_dataset

RIVALS = {"plain json + dictionaries": "plain_json", "dataclass + asdict": "dataclass_rows"}
PARQUET_RIVAL = "plain json + pyarrow"


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


def write_recorded(path: Path, rows: int, dumps: list[Path]) -> None:
    """A raw dump of the dumps' rows, repeated until there are enough; each repetition has ids of its own."""
    lines = [line for dump in dumps for line in dump.read_bytes().splitlines()]
    with path.open("wb") as file:
        for number in range(rows):
            line = lines[number % len(lines)]
            if repetition := number // len(lines):
                row = json.loads(line)
                task, solution = row["entry"]["task"], row["entry"]["solution"]
                task["taskId"] += f"-{repetition}"
                solution["taskSolutionId"] += f"-{repetition}"
                line = json.dumps(row, ensure_ascii=False).encode()
            file.write(line + b"\n")


class Run(NamedTuple):
    """One process: wall-clock and CPU seconds, peak resident MB."""

    seconds: float
    cpu: float
    peak: float


def measure(arguments: list[str]) -> Run:
    """Runs one contestant in a process of its own."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments} ended with {process.returncode}")
    return Run(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--no-rivals", action="store_true")
    parser.add_argument("--dumps", nargs="+", type=Path, help="recorded dumps whose rows are repeated")
    parser.add_argument("--ours", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ours:
        raw, folder = options.ours
        build_dataset([raw], out=DatasetPaths.of(folder, "ours"))
        return
    with tempfile.TemporaryDirectory(prefix="score-model-bench-") as name:
        raw = Path(name) / "raw.jsonl"
        if options.dumps:
            write_recorded(raw, options.rows, options.dumps)
        else:
            write_dump(raw, options.rows)
        compare(Path(name), raw, options.repeat, rivals=not options.no_rivals)


def compare(folder: Path, raw: Path, repeat: int, *, rivals: bool) -> None:
    """Measures every contestant on one dump and prints the table."""
    size = raw.stat().st_size
    with raw.open("rb") as file:
        lines = sum(1 for _ in file)
    print(f"{lines:,} raw rows, {size / 1e6:,.0f} MB, {size / lines:,.0f} bytes a row")
    ours = ["-m", "benchmarks.build", "--ours", str(raw), str(folder)]
    best = min(measure(ours) for _ in range(repeat))
    print(_line("score-model, no audit", best, lines))
    for title, module in RIVALS.items() if rivals else ():
        arguments = ["-m", f"benchmarks.build_rivals.{module}", str(raw), str(folder / "rival.jsonl")]
        print(_against(title, min(measure(arguments) for _ in range(repeat)), best, lines))
    command = ["-m", "score_model", "dataset", "build", str(raw), "--data-dir", str(folder)]
    whole = min(measure(command) for _ in range(repeat))
    print(_line("whole dataset build, audited", whole, lines))
    if rivals:
        outputs = [str(folder / "rival.jsonl"), str(folder / "rival.parquet")]
        arguments = ["-m", "benchmarks.build_rivals.plain_json", str(raw), *outputs]
        print(_against(PARQUET_RIVAL, min(measure(arguments) for _ in range(repeat)), whole, lines))


def _against(title: str, rival: Run, ours: Run, lines: int) -> str:
    ratios = f"ours is {rival.seconds / ours.seconds:.1f}× (CPU {rival.cpu / ours.cpu:.1f}×)"
    return f"{_line(title, rival, lines)}   {ratios}"


def _line(title: str, run: Run, lines: int) -> str:
    rate = lines / run.seconds
    return f"{title:<28}{run.seconds:8.2f} s{rate:12,.0f} rows/s{run.cpu:8.2f} s CPU{run.peak:8,.0f} MB peak"


if __name__ == "__main__":
    main()
