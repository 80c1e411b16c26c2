"""Promises about a package that adds an estimator: commands use it when asked, and nothing else imports it."""

import json
from pathlib import Path

import pytest

import score_model
from tests.cli.commands import Ran, run
from tests.model.factories import dataset_of, make_samples
from tests.model.plugin_package import IMPORTED, documented_module, install

SOURCE = Path(score_model.__file__).parents[1]


async def run_with(site: Path, *arguments: str | Path, cwd: Path, module: str = "score_model") -> Ran:
    """A command line in an environment that has the package."""
    return await run(*arguments, cwd=cwd, module=module, PYTHONPATH=f"{site}:{SOURCE}", PYTHONDONTWRITEBYTECODE="1")


@pytest.mark.long
async def test_a_package_adds_a_model(tmp_path: Path) -> None:
    """Train, evaluate, score and rank with it; without leave its folder is refused, and the package is not imported."""
    site = install(tmp_path / "site", documented_module())
    imported = site / IMPORTED
    dataset_of(tmp_path / "films.jsonl", make_samples(160))
    (tmp_path / "train.toml").write_text('dataset = "films.jsonl"\nmodel = "centroid"\nfolds = 3\nrepeats = 1\n')
    trained = await run_with(site, "train", "--config", "train.toml", "--output", "model", cwd=tmp_path)
    assert trained.code == 0, trained.stderr
    assert "Head actions: centroid." in trained.stderr
    head = json.loads((tmp_path / "model/actions/head.json").read_bytes())
    assert head["model"] == "centroid"
    assert (tmp_path / "model/actions/centroid.json").exists()
    measures = json.loads((tmp_path / "model/metrics.json").read_bytes())["heads"]["actions"]["measures"]["trusted"]
    assert {"centroid", "text", "trees", "blend", "majority"} <= set(measures)
    imported.unlink()
    model = ("--model", "model")
    evaluate = ("evaluate", *model, "--dataset", "films.jsonl", "--no-stress", "--folds", "3", "--repeats", "1")
    score = ("score", "films.jsonl", *model)
    commands = (
        (*evaluate, "--resamples", "20", "--output", "report"),
        (*score, "--output", "scores.jsonl"),
        ("rank", "films.jsonl", *model, "--json"),
    )
    for command in (*commands, ("arena", "serve", "--port", "0", *model)):
        refused = await run_with(site, *command, cwd=tmp_path)
        assert (refused.code, refused.stdout, len(refused.stderr.splitlines())) == (2, "", 1), refused.stderr
        assert "--allow-plugin centroid" in refused.stderr
        assert not imported.exists()
    for command in commands:
        ran = await run_with(site, *command, "--allow-plugin", "centroid", cwd=tmp_path)
        assert ran.code == 0, ran.stderr
        assert imported.exists()
    found = json.loads((tmp_path / "report/metrics.json").read_bytes())["heads"]["actions"]
    assert found["model"] == "centroid"
    contestants = found["splits"]["out_of_fold"]["tables"]["trusted"]["contestants"]
    assert {"model", "text_only", "majority"} <= set(contestants)
    assert len((tmp_path / "scores.jsonl").read_bytes().splitlines()) == 160


async def test_nothing_imports_a_package_unasked(tmp_path: Path) -> None:
    """Help, a version, the rooms of the model and a broken command leave installed packages alone."""
    site = install(tmp_path / "site", documented_module())
    (tmp_path / "look.py").write_text("import score_model.evaluation, score_model.model, score_model.cli.train\n")
    assert (await run_with(site, cwd=tmp_path, module="look")).code == 0
    for command in (("--help",), ("train", "--help"), ("score", "--help"), ("train", "--model", "text")):
        await run_with(site, *command, cwd=tmp_path)
    assert not (site / IMPORTED).exists()


@pytest.mark.parametrize("by", ["flag", "config"])
async def test_a_broken_package_costs_one_line(tmp_path: Path, by: str) -> None:
    """Before any work, whether a flag or a settings file asks for it; other commands do not notice it."""
    site = install(tmp_path / "site", "raise RuntimeError('out of order')")
    dataset_of(tmp_path / "films.jsonl", make_samples(8))
    (tmp_path / "train.toml").write_text('model = "centroid"\n')
    asked = ("--model", "centroid") if by == "flag" else ("--config", "train.toml")
    ran = await run_with(site, "train", "--dataset", "films.jsonl", *asked, cwd=tmp_path)
    assert (ran.code, ran.stdout, len(ran.stderr.splitlines())) == (2, "", 1), ran.stderr
    assert "'centroid' of my_models can't be loaded: RuntimeError: out of order" in ran.stderr
    assert (await run_with(site, "train", "--help", cwd=tmp_path)).code == 0
