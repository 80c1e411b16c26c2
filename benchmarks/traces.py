"""Trace files against inline JSON lines, in one run: bytes per solution, reading speed, time of cleaning and diffs.

    python -m benchmarks.traces [--most 186]

Over the recorded traces of real solutions where they are at hand ($SCORE_MODEL_SHARED, else ../shared), else over
generated ones. The rival that reads is zstandard's stream and json.loads, line by line, without any bound or record.
"""

import argparse
import io
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import zstandard

from score_model.traces import (
    BrowserSnapshot,
    Trace,
    TraceFooter,
    TraceHeader,
    TraceStep,
    TraceWriter,
    clean_html,
    diff_html,
    iter_traces,
    load_trace,
)

SHARED = Path(os.environ.get("SCORE_MODEL_SHARED", Path(__file__).parents[2] / "shared")) / "traces"


def generated(count: int) -> Iterator[Trace]:
    """Solutions of one to twelve actions on pages of 4 to 400 KB; a third of the actions lead to another page."""
    chance = random.Random(1)
    words = [chance.randbytes(chance.randint(1, 5)).hex() for _ in range(3000)]

    def page() -> list[str]:
        return [f'<li class="item"><a href="/{chance.choice(words)}">{" ".join(chance.choices(words, k=12))}</a></li>'
                for _ in range(int(30 * 100 ** chance.random()))]  # fmt: skip

    for number in range(count):
        items = page()
        before = "<html><body></body></html>"
        steps = []
        for index in range(chance.randint(1, 12)):
            items = page() if index == 0 or chance.random() < 1 / 3 else [*items, f"<p>{chance.choice(words)}</p>"]
            after = f"<html><body><script>{index}</script><ul>{''.join(items)}</ul></body></html>"
            snapshot = BrowserSnapshot(iteration=index, prev_html=before, current_html=after, js_events=[])
            steps.append(TraceStep(action_index=index, action={"type": "click"}, browser_snapshot=snapshot))
            before = after
        yield Trace(TraceHeader(solution_id=str(number)), tuple(steps), TraceFooter())


def traces(most: int) -> Iterator[Trace]:
    """What is measured."""
    recorded = list(iter_traces(SHARED))[:most] if SHARED.is_dir() else []
    print(f"{len(recorded)} recorded traces" if recorded else f"{most} generated traces")
    return map(load_trace, recorded) if recorded else generated(most)


def write(folder: Path, most: int) -> None:
    """Writes every trace compressed and plain."""
    for number, trace in enumerate(traces(most)):
        for suffix in (".jsonl.zst", ".jsonl"):
            with TraceWriter(folder / suffix.rpartition(".")[2] / f"{number:04}{suffix}", trace.header) as writer:
                for step in trace.steps:
                    writer.write(step)
                writer.finish(trace.footer or TraceFooter())


def sizes(inline: list[Path], compressed: list[Path]) -> None:
    """Prints bytes per solution, and what an ordinary zstd frame of level 3 would take."""
    plain = sum(path.stat().st_size for path in inline)
    ours = sum(path.stat().st_size for path in compressed)
    ordinary = sum(len(zstandard.ZstdCompressor(3).compress(path.read_bytes())) for path in inline)
    for name, total in (("inline JSON lines", plain), ("zstd -3", ordinary), ("trace files", ours)):
        print(f"{name:20} {total / len(inline):>12,.0f} bytes per solution {plain / total:>7.1f} x smaller")


def read_plainly(path: Path) -> None:
    """The rival: every line of a compressed trace as dictionaries."""
    decompressor = zstandard.ZstdDecompressor(max_window_size=1 << 27)
    with path.open("rb") as file, decompressor.stream_reader(file) as stream:
        for line in io.BufferedReader(stream):
            json.loads(line)


def reading(inline: list[Path], compressed: list[Path], repeat: int) -> None:
    """Prints MB of JSON lines per second, the best of some rounds."""
    size = sum(path.stat().st_size for path in inline) / 1e6
    contestants: list[tuple[str, Callable[[Path], object], list[Path]]] = [
        ("load_trace", load_trace, compressed),
        ("load_trace, plain", load_trace, inline),
        ("zstandard + json", read_plainly, compressed),
    ]
    seconds: dict[str, float] = {}
    for _ in range(repeat):
        for name, read, paths in contestants:
            started = time.perf_counter()
            for path in paths:
                read(path)
            seconds[name] = min(seconds.get(name, 1e9), time.perf_counter() - started)
    for name, spent in seconds.items():
        ratio = seconds["zstandard + json"] / spent
        print(f"{name:20} {size / spent:>12,.0f} MB/s {ratio:>24.1f} x the rival's speed")


def pages(compressed: list[Path]) -> None:
    """Prints milliseconds per page cleaned and per change shown, and the characters of the diffs."""
    cleaning, diffing, lengths, inputs = [], [], [], []
    for path in compressed:
        for step in load_trace(path).steps:
            shot = step.browser_snapshot
            started = time.perf_counter()
            before, after = clean_html(shot.prev_html or ""), clean_html(shot.current_html or "")
            cleaning.append((time.perf_counter() - started) * 500)
            inputs.append(len(shot.current_html or ""))
            if before != after:
                started = time.perf_counter()
                lengths.append(len(diff_html(before, after)))
                diffing.append((time.perf_counter() - started) * 1000)
    for name, values, unit in (("page", inputs, "characters"), ("clean_html", cleaning, "ms"),
                               ("diff_html", diffing, "ms"), ("a diff", lengths, "characters")):  # fmt: skip
        ranked = sorted(values)
        middle, high, most = (ranked[int(len(ranked) * share)] for share in (0.5, 0.95, 0.9999))
        print(f"{name:20} {middle:>12,.1f} {unit}, 95 % below {high:,.1f}, most {most:,.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=186)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        write(Path(scratch), arguments.most)
        lines, frames = (list(iter_traces(Path(scratch) / suffix)) for suffix in ("jsonl", "zst"))
        sizes(lines, frames)
        reading(lines, frames, arguments.repeat)
        pages(frames)
