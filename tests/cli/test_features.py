"""Promises of `score-model features`."""

import json
from pathlib import Path

import pyarrow.parquet as pq

from tests.cli.commands import run, run_on_a_small_disk
from tests.features.factories import row, trace, write_dataset, write_trace

MODULE = "autoppia_iwa.src.rl.score_model.cli.build_dom_event_features"


async def test_the_documented_command_makes_the_tables(tmp_path: Path) -> None:
    """The module path with its documented flags writes the tables; --split-dir is accepted and said to be unused."""
    write_trace(tmp_path / "raw_traces", trace())
    flags = ["--traces-dir", "raw_traces", "--output-dir", "features", "--split-dir", "splits"]
    ran = await run(*flags, cwd=tmp_path, module=MODULE)
    assert ran.code == 0, ran.stderr
    assert "--split-dir is not used" in ran.stderr
    assert pq.read_table(tmp_path / "features/episodes.parquet").num_rows == 1
    assert pq.read_table(tmp_path / "features/steps.parquet").num_rows == 4


async def test_a_dataset_and_traces_join(tmp_path: Path) -> None:
    """With --json stdout is one object; the tables go under the data directory by default."""
    dataset = write_dataset(tmp_path / "data/datasets/x.jsonl", row(), row(solution_id="s2"))
    write_trace(tmp_path / "traces", trace())
    command = [
        "features",
        "--dataset",
        str(dataset),
        "--traces-dir",
        "traces",
        "--data-dir",
        "data",
        "--jsonl",
        "--json",
    ]
    ran = await run(*command, cwd=tmp_path)
    assert ran.code == 0, ran.stderr
    report = json.loads(ran.stdout)
    assert (report["episodes"], report["with_trace"]) == (2, 1)
    assert sorted(path.name for path in (tmp_path / "data/features/x").iterdir()) == [
        "episodes.jsonl", "episodes.parquet", "features.json", "labels.jsonl", "labels.parquet", "steps.jsonl",
        "steps.parquet",
    ]  # fmt: skip


async def test_exit_codes(tmp_path: Path) -> None:
    """1 where a trace could not be used, 2 without input, each with a line that says so."""
    path = write_trace(tmp_path / "traces", trace())
    write_trace(tmp_path / "traces", trace(), "s2")
    path.write_bytes(path.read_bytes()[:100])
    ran = await run("features", "--traces-dir", "traces", "--output-dir", "out", cwd=tmp_path)
    assert ran.code == 1
    assert "autocinema/t1/s1.jsonl.zst: " in ran.stderr
    assert pq.read_table(tmp_path / "out/episodes.parquet").num_rows == 1
    ran = await run("features", cwd=tmp_path)
    assert (ran.code, ran.last_line) == (2, "score-model: give --dataset, --traces-dir, or both")
    ran = await run("features", "--traces-dir", "nowhere", cwd=tmp_path)
    assert (ran.code, ran.last_line) == (2, "score-model: no folder of traces at nowhere")
    (tmp_path / "bare").mkdir()
    ran = await run("features", "--traces-dir", "bare", cwd=tmp_path)
    assert (ran.code, ran.last_line) == (2, "score-model: bare: no traces in it")


async def test_a_full_disk_leaves_the_earlier_tables(tmp_path: Path) -> None:
    """Tables appear whole or not at all: a run that can't write is one line, and what was there stays."""
    dataset = write_dataset(tmp_path / "x.jsonl", *(row(solution_id=f"s{n}") for n in range(5)))
    command = ["features", "--dataset", str(dataset), "--output-dir", "out", "--jsonl"]
    ran = await run(*command, cwd=tmp_path)
    assert ran.code == 0, ran.stderr
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    write_dataset(dataset, row())
    ran = await run_on_a_small_disk(*command, cwd=tmp_path, most_file_bytes=2_000)
    assert ran.code == 2
    assert "Traceback" not in ran.stderr
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


async def test_tables_replace_nothing_but_tables(tmp_path: Path) -> None:
    """Features into the folder of traces or of the dataset, or into one with something else in it, are refused; what a
    killed run left does not count."""
    dataset = write_dataset(tmp_path / "made" / "labels.jsonl", row())
    write_trace(tmp_path / "traces", trace())
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "features.json").write_text("mine")
    for output, said in (("traces", "an input"), ("made", "holds"), ("photos", "something else")):
        flags = ["--traces-dir", "traces", "--jsonl", "--output-dir", output]
        ran = await run("features", "--dataset", dataset, *flags, cwd=tmp_path)
        assert (ran.code, ran.stdout, len(ran.stderr.splitlines())) == (2, "", 1), ran.stderr
        assert said in ran.stderr
    assert (tmp_path / "photos" / "features.json").read_text() == "mine"
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".episodes.parquet.tmp").write_bytes(b"PAR1")
    for _ in range(2):
        ran = await run("features", "--dataset", dataset, "--output-dir", "out", cwd=tmp_path)
        assert ran.code == 0, ran.stderr
