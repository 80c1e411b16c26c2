"""Promises of `score-model evaluate`."""

import hashlib
import json
from pathlib import Path

from score_model.model import save_model
from tests.cli.commands import run
from tests.evaluation.factories import varied_samples
from tests.model.factories import dataset_of, trained_model

MODULE = "autoppia_iwa.src.rl.score_model.cli.evaluate_reward_model"


async def test_an_evaluation_from_end_to_end(tmp_path: Path) -> None:
    """The command writes its three files under the data directory and prints the report with --json; the documented
    module does the same, to the last byte."""
    save_model(tmp_path / "model", trained_model())
    dataset_of(tmp_path / "x.jsonl", varied_samples(200))
    flags = ["--model", "model", "--dataset", "x.jsonl", "--no-stress", "--folds", "2", "--repeats", "1"]
    flags += ["--resamples", "40", "--data-dir", "data"]
    ran = await run("evaluate", *flags, "--json", cwd=tmp_path)
    assert ran.code == 0, ran.stderr
    report = json.loads(ran.stdout)
    folder = tmp_path / "data/evaluations/model"
    assert json.loads((folder / "metrics.json").read_text()) == report
    assert report["heads"]["actions"]["sentences"][0] in ran.stderr
    for file, path in ((report["about"]["model"], "model/config.json"), (report["about"]["datasets"][0], "x.jsonl")):
        digest = hashlib.sha256((tmp_path / path).read_bytes()).hexdigest()
        assert file == {"name": Path(path).name, "sha256": digest}
    assert set(report["heads"]["actions"]["splits"]) == {"test", "out_of_fold"}
    again = await run(*flags, "--output", "again", cwd=tmp_path, module=MODULE, PYTHONHASHSEED="7")
    assert again.code == 0, again.stderr
    assert again.stdout == ""
    for name in ("metrics.json", "report.md", "report.html"):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


async def test_mistakes_are_one_line(tmp_path: Path) -> None:
    """Exit code 2 and one line for a missing model, a missing dataset, and an impossible setting."""
    dataset_of(tmp_path / "x.jsonl", varied_samples(8))
    save_model(tmp_path / "model", trained_model())
    for flags, said in (
        (["--model", "nowhere", "--dataset", "x.jsonl"], "no model at nowhere"),
        (["--model", "model", "--dataset", "none.jsonl"], "none.jsonl"),
        (["--model", "model", "--dataset", "x.jsonl", "--resamples", "1"], "resamples is 1"),
        (["--dataset", "x.jsonl"], "--model"),
    ):
        ran = await run("evaluate", *flags, cwd=tmp_path)
        assert ran.code == 2
        assert said in ran.last_line
