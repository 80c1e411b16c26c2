"""Promises of the commands that a newcomer meets first."""

import json
import subprocess
import sys
from pathlib import Path

import score_model
from score_model.cli.doctor import doctor
from tests.cli.commands import environment, run


async def test_the_demo_does_the_whole_job(tmp_path: Path) -> None:
    """`score-model demo` ends with a dataset, its metrics, and the planted outage named in plain words."""
    ran = await run("demo", "--rows", "1500", cwd=tmp_path)
    assert ran.code == 0, ran.stderr
    data = tmp_path / "data" / "score_model_pipeline"
    (dataset,) = (data / "datasets").glob("demo_*.jsonl")
    assert sum(1 for _ in score_model.load_samples(dataset)) > 1400
    assert json.loads((data / "metrics" / f"{dataset.stem}.json").read_text())["audit"]
    assert "looks down" in ran.stderr
    assert "score_model.load_samples" in ran.stderr


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
