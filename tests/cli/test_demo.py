"""Promises of the commands that a newcomer meets first."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import score_model
from score_model.arena.agents import read_expectations
from score_model.cli.demo import _example, _learn
from score_model.cli.doctor import doctor
from score_model.contract import Sample
from tests.cli.commands import environment, run
from tests.model.factories import dataset_of, make_samples, sample

ARENA_SITES = ("autocinema", "autobooks")
VARIABLES = {
    name: os.environ[name] for name in ("SCORE_MODEL_BROWSER", "PLAYWRIGHT_BROWSERS_PATH") if name in os.environ
}


@pytest.mark.slow
async def test_the_demo_does_the_whole_job(tmp_path: Path) -> None:
    """`score-model demo` ends with real verdicts in a dataset, replays that agree with them, one trace step by step,
    the planted outage named in plain words, a model with its report, and a ranking.
    """
    ran = await run("demo", "--tasks", "12", "--rows", "1500", cwd=tmp_path, **VARIABLES)
    if "no browser found" in ran.stderr:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(ran.stderr)
    assert ran.code == 0, ran.stderr
    data = tmp_path / "data" / "score_model_pipeline"
    (dataset,) = (data / "datasets").glob("demo_*.jsonl")
    judged = {row.solution_id: row for row in score_model.load_samples(dataset) if row.website in ARENA_SITES}
    expected = list(read_expectations(data / "arena" / f"{dataset.stem}.expected.jsonl"))
    assert {one.solution_id: one.score for one in expected} == {name: row.score for name, row in judged.items()}
    traces = list((data / "raw_traces" / dataset.stem).rglob("*.jsonl.zst"))
    assert len(traces) == len(judged) > 0
    assert re.search(r"^all +8 +8 \(100\.0%\)", ran.stderr, re.MULTILINE)
    assert "One of the traces:" in ran.stderr
    assert "the arena's evaluation gave it" in ran.stderr
    assert (data / "models" / dataset.stem / "README.md").exists()
    assert (data / "evaluations" / dataset.stem / "report.html").exists()
    assert "verdict: " in ran.stderr
    assert json.loads((data / "metrics" / f"{dataset.stem}.json").read_text())["audit"]
    assert "looks down" in ran.stderr
    assert "score_model.load_samples" in ran.stderr


async def test_the_demo_without_a_browser_says_so_and_goes_on(tmp_path: Path) -> None:
    """Generated rows are mirrored and audited all the same, and nothing is called a verdict that is none."""
    ran = await run("demo", "--tasks", "1", "--rows", "1500", cwd=tmp_path, SCORE_MODEL_BROWSER="/nowhere/chromium")
    assert ran.code == 0, ran.stderr
    assert "there is no browser at /nowhere/chromium" in ran.stderr
    assert "the demo goes on with generated rows alone" in ran.stderr
    assert "Traceback" not in ran.stderr
    (dataset,) = (tmp_path / "data" / "score_model_pipeline" / "datasets").glob("demo_*.jsonl")
    samples = list(score_model.load_samples(dataset))
    assert len(samples) > 1400
    assert not any(row.website in ARENA_SITES for row in samples)
    assert "looks down" in ran.stderr


def test_the_demo_passes_on_why_nothing_was_learnt(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What `train` says is the reason that is shown, whatever it is; the demo adds no guess of its own."""
    dataset = dataset_of(tmp_path / "demo.jsonl", make_samples(8))
    (tmp_path / "traces").mkdir()
    _learn(dataset, tmp_path / "traces", tmp_path)
    said = capfd.readouterr().err.splitlines()
    assert said[-2].startswith("score-model: ")
    assert "groups of tasks; a model needs" in said[-2]
    assert said[-1] == "So no model here, and nothing to rank answers by: the line above says why."


def test_the_ranked_example_is_of_the_test_split_if_it_can_be() -> None:
    """A task that was learnt from is an example only where no test task has two answers, and never one without."""

    def answer(task: str, split: str, count: int) -> list[Sample]:
        return [sample(1, task_id=task, solution_id=f"{task}{n}", split=split) for n in range(count)]

    learnt, alone, empty = answer("a", "train", 5), answer("b", "test", 1), sample(2, task_id="b", actions=[])
    chosen = _example([*learnt, *alone, empty])
    assert chosen is not None
    assert (chosen.task_id, chosen.split) == ("a", "train")
    chosen = _example([*learnt, *alone, *answer("c", "test", 2)])
    assert chosen is not None
    assert (chosen.task_id, chosen.split) == ("c", "test")
    assert _example([*alone, empty]) is None


async def test_doctor_finds_a_whole_installation(tmp_path: Path) -> None:
    """In a good installation nothing is a problem, and nothing secret is shown."""
    ran = await run("doctor", "--json", cwd=tmp_path, AUTOPPIA_PROD_API_TOKEN="hidden-token")
    assert ran.code == 0, ran.stderr
    findings = {finding["what"]: finding for finding in json.loads(ran.stdout)["findings"]}
    assert findings["AUTOPPIA_PROD_API_TOKEN"]["says"] == "set"
    assert "hidden-token" not in ran.stdout + ran.stderr


def test_doctor_notices_a_package_that_hides_the_documented_modules(tmp_path: Path) -> None:
    """A regular `autoppia_iwa` package wins over ours: doctor says so and names the other way."""
    (tmp_path / "autoppia_iwa").mkdir()
    (tmp_path / "autoppia_iwa" / "__init__.py").touch()
    command = [sys.executable, "-m", "score_model", "doctor"]
    ran = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    (problem,) = [line for line in ran.stderr.splitlines() if line.startswith("PROBLEM")]
    assert "use score-model" in problem


def test_doctor_notices_an_unwritable_folder(tmp_path: Path) -> None:
    """A data folder that can't be written to is a problem before it fails a crawl."""
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    assert doctor(data_dir=in_the_way / "data") == 1
