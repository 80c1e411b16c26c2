"""Promises of `score-model dataset relabel`."""

import json
from pathlib import Path

import pytest

import score_model
from score_model.cli.main import run as run_here
from score_model.traces import TraceFooter
from tests.cli.commands import run, run_on_a_small_disk
from tests.dataset.factories import CLICK, build, entry, raw_line
from tests.relabel.factories import replay_trace, verdict

HEADER = "task_id,solution_id,passed,score,note\n"


def passing_dataset(folder: Path, *, parquet: bool = True) -> Path:
    """Ten solutions of ten tasks that passed."""
    lines = [
        raw_line(entry(task__taskId=f"t{n}", solution__taskSolutionId=f"s{n}", solution__actions=[CLICK] * (n + 1)))
        for n in range(10)
    ]
    return build(folder, lines, parquet=parquet)[0].dataset


def traces(folder: Path) -> Path:
    """Replays of four of them: two pass, one fails, one can't tell."""
    for number, passed in enumerate((True, True, False, None)):
        path = folder / "autobooks" / f"t{number}" / f"s{number}.jsonl.zst"
        replay_trace(path, f"t{number}", f"s{number}", TraceFooter(verdict=verdict(passed)))
    return folder


async def test_replays_and_a_person_relabel_a_dataset_in_place(tmp_path: Path) -> None:
    """Labels change in lines and Parquet file, recorded outcomes do not, and the table says what was found."""
    dataset = passing_dataset(tmp_path)
    csv = tmp_path / "overrides.csv"
    csv.write_text(f"{HEADER}t7,s7,false,0.25,wrong book\n")
    folder = traces(tmp_path / "traces")
    command = ["dataset", "relabel", str(dataset), "--traces-dir", str(folder), "--overrides", str(csv), "--json"]
    ran = await run(*command, cwd=tmp_path)
    assert ran.code == 0, ran.stderr
    for path in (dataset, dataset.with_suffix(".parquet")):
        samples = list(score_model.load_samples(path))
        assert [sample.label_quality for sample in samples] == [
            "ok", "ok", "replay_disagrees", "ok", "ok", "ok", "ok", "overridden", "ok", "ok",
        ]  # fmt: skip
        assert {(sample.passed, sample.score) for sample in samples} == {(True, 1.0)}
        assert [sample.override is not None for sample in samples] == [n == 7 for n in range(10)]
        assert samples[7].override is not None
        assert (samples[7].override.score, samples[7].override.note) == (0.25, "wrong book")
    result = json.loads(ran.stdout)
    assert result["report"]["agreement"]["total"]["recorded_pass_replay_fails"] == 1
    assert result["report"] == json.loads(Path(result["report_file"]).read_bytes())
    assert "4 of 10 rows have a trace" in ran.stderr
    assert "Label quality: ok 8, overridden 1, replay_disagrees 1." in ran.stderr
    before = dataset.read_bytes()
    again = await run(*command, cwd=tmp_path)
    assert again.stdout == ran.stdout
    assert dataset.read_bytes() == before
    audited = await run("dataset", "audit", dataset, cwd=tmp_path)
    assert "Label quality: ok 8, overridden 1, replay_disagrees 1." in audited.stderr


def test_a_prefix_leaves_the_source_alone(tmp_path: Path) -> None:
    """Plain JSON lines stay plain; the new dataset lies beside."""
    dataset = passing_dataset(tmp_path, parquet=False)
    before = dataset.read_bytes()
    folder = traces(tmp_path / "traces")
    command = ["dataset", "relabel", str(dataset), "--traces-dir", str(folder), "--output-prefix"]
    assert run_here([*command, "../x"]) == 2
    assert run_here([*command, "seen"]) == 0
    assert dataset.read_bytes() == before
    assert sorted(path.name for path in dataset.parent.iterdir()) == ["seen.jsonl", "x.jsonl"]
    assert (tmp_path / "metrics/seen.relabel.json").exists()


def test_what_could_not_be_used_is_exit_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A torn trace and an override of an unknown solution are named; the rest is done."""
    dataset, folder = passing_dataset(tmp_path), traces(tmp_path / "traces")
    (folder / "autobooks/t1/s1.jsonl.zst").write_bytes(b"torn")
    csv = tmp_path / "overrides.csv"
    csv.write_text(f"{HEADER}t7,s\x1b8,false,,\n")
    command = ["dataset", "relabel", str(dataset)]
    assert run_here([*command, "--traces-dir", str(folder)]) == 1
    assert "autobooks/t1/s1.jsonl.zst: not a zstd frame" in capsys.readouterr().err
    assert [sample.label_quality for sample in score_model.load_samples(dataset)].count("replay_disagrees") == 1
    assert run_here([*command, "--overrides", str(csv)]) == 1
    said = capsys.readouterr().err
    assert "t7/s\ufffd8" in said
    assert "replay_disagrees 1" in said


def test_bad_input_is_exit_2_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every bad row is one line with its number, every other mistake is one line, and the dataset is not touched."""
    dataset, folder = passing_dataset(tmp_path), traces(tmp_path / "traces")
    csv = tmp_path / "overrides.csv"
    csv.write_text(f"{HEADER}t1,s1,maybe,,\nt2,s2,false,,\nt3,s3,true,7,\n")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert run_here(["dataset", "relabel", str(dataset), "--overrides", str(csv), "--json"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    first, second, last = said.err.splitlines()
    assert first == f"{csv}, line 2: passed is 'maybe': true or false"
    assert second == f"{csv}, line 4: score is '7': a number in 0..1, or nothing"
    assert last == f"score-model: {csv}: 2 bad rows; nothing was written"
    for wrong in (
        [dataset],
        [dataset, "--traces-dir", tmp_path / "none"],
        [dataset, "--overrides", tmp_path / "none.csv"],
        [tmp_path / "none.jsonl", "--traces-dir", folder],
        [dataset.with_suffix(".parquet"), "--traces-dir", folder],
        [csv, "--traces-dir", folder],
    ):
        assert run_here(["dataset", "relabel", *map(str, wrong)]) == 2, wrong
        assert len(capsys.readouterr().err.splitlines()) == 1
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


async def test_a_full_disk_leaves_the_dataset_as_it_was(tmp_path: Path) -> None:
    """One line, exit 2, no half file."""
    dataset = passing_dataset(tmp_path)
    before = dataset.read_bytes()
    command = ["dataset", "relabel", str(dataset), "--traces-dir", str(traces(tmp_path / "traces"))]
    ran = await run_on_a_small_disk(*command, cwd=tmp_path, most_file_bytes=2000)
    assert ran.code == 2
    assert len(ran.stderr.splitlines()) == 1
    assert dataset.read_bytes() == before
    assert sorted(path.name for path in dataset.parent.iterdir()) == ["x.jsonl", "x.parquet"]
