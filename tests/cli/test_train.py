"""Promises of `train`: it runs as documented, and every mistake is one line with its exit code."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from score_model.cli.train import train
from score_model.model.fitting import ESTIMATORS
from tests.cli.commands import run
from tests.model.factories import dataset_of, make_samples

DOCUMENTED = "autoppia_iwa.src.rl.score_model.cli.train_reward_model"


def lines(path: Path) -> list[dict[str, Any]]:
    """The JSON objects of a file."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_the_help_names_every_estimator() -> None:
    """The names of the table are those that the flag's help lists, in its order."""
    assert f"Which model: {', '.join(ESTIMATORS)}, or a plug-in's" in " ".join((train.__doc__ or "").split())


async def test_the_documented_module_trains_from_a_config(tmp_path: Path) -> None:
    """`train_reward_model --config FILE` reads the flags' names from TOML; a flag wins; stdout is one JSON object."""
    dataset_of(tmp_path / "films.jsonl", make_samples(300))
    (tmp_path / "train.toml").write_text(
        'dataset = "films.jsonl"\nmodel = "trees"\nfolds = 3\nrepeats = 1\nsuspect-weight = 0\noutput = "elsewhere"\n'
    )
    ran = await run("--config", "train.toml", "--output", "out", "--json", cwd=tmp_path, module=DOCUMENTED)
    assert ran.code == 0, ran.stderr
    printed = json.loads(ran.stdout)
    assert printed["model"] == "out"
    assert printed["report"]["heads"]["actions"]["model"] == "trees"
    assert not (tmp_path / "elsewhere").exists()
    assert (tmp_path / "out" / "README.md").read_text().startswith("# Score model")
    assert "AUROC" in ran.stderr
    scored = await run("score", "films.jsonl", "--model", "out", "--output", "scores.jsonl", "--json", cwd=tmp_path)
    assert scored.code == 0, scored.stderr
    assert json.loads(scored.stdout)["totals"]["scored"] == 300
    first = lines(tmp_path / "scores.jsonl")[0]
    assert first["solution_id"] == "solution0.0"
    assert first["drivers"]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("dataset = 5", "dataset"),
        ("colour = 1", "colour"),
        ("folds = 2.5", "folds"),
        ("seed = true", "seed"),
        ("broken", "train.toml"),
        ("a = " + "[" * 20_000, "nested too deeply"),
        ("a = " + "9" * 5_000, "train.toml"),
        ('model = "magic"\ndataset = "films.jsonl"', "magic"),
        ('dataset = "nowhere.jsonl"', "nowhere.jsonl"),
        ("", "nothing to learn from"),
    ],
)
async def test_a_bad_config_is_one_line(tmp_path: Path, content: str, word: str) -> None:
    """Every mistake in the file is named in one line, with exit code 2, and nothing is written."""
    dataset_of(tmp_path / "films.jsonl", make_samples(20))
    (tmp_path / "train.toml").write_text(content)
    ran = await run("train", "--config", "train.toml", cwd=tmp_path)
    assert (ran.code, ran.stdout) == (2, "")
    assert len(ran.stderr.strip().splitlines()) == 1
    assert word in ran.last_line
    assert not (tmp_path / "data").exists()


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is installed")
@pytest.mark.parametrize("flags", [["--network"], ["--model", "network"]])
async def test_a_network_needs_its_extra(tmp_path: Path, flags: list[str]) -> None:
    """Asked for by name without PyTorch, one line says what to install; by default it does not take part."""
    file = dataset_of(tmp_path / "films.jsonl", make_samples(300))
    ran = await run("train", "--dataset", file, "--output", "out", *flags, cwd=tmp_path)
    assert ran.code == 2
    assert "score-model[torch]" in ran.last_line
    assert not (tmp_path / "out").exists()
