"""Promises of `train`, `score` and `rank`: they run as documented, and every mistake is one line with its exit code."""

import json
from pathlib import Path
from typing import Any

import pytest

from score_model.cli._attempts import attempts_of
from score_model.features import behaviour_of
from score_model.model import save_model
from tests.cli.commands import run
from tests.features.making import row, trace, write_dataset, write_trace
from tests.model.making import click, dataset_of, make_samples, trained, typing

DOCUMENTED = "autoppia_iwa.src.rl.score_model.cli.train_reward_model"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A trained model's folder."""
    save_model(tmp_path / "films", *trained())
    return tmp_path / "films"


def lines(path: Path) -> list[dict[str, Any]]:
    """The JSON objects of a file."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


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


async def test_rank_and_score_of_loose_lines(tmp_path: Path, model: Path) -> None:
    """Lines of tasks and actions need no dataset; a bad line is counted and named, and makes the exit code 1."""
    task = {
        "taskId": "t",
        "website": "autocinema",
        "useCase": "SEARCH_FILM",
        "prompt": "Search for the film whose name equals 'Marrow Hill'",
    }
    answers = {"bad": [typing("Glass Harbour"), click("go")], "good": [typing("Marrow Hill"), click("go")], "none": []}
    written = [{"task": task, "actions": actions, "solution_id": name} for name, actions in answers.items()]
    file = tmp_path / "answers.jsonl"
    file.write_text("\n".join(json.dumps(each) for each in written) + "\n")
    ran = await run("rank", file, "--model", model, "--output", "ranked.jsonl", "--json", cwd=tmp_path)
    assert ran.code == 0, ran.stderr
    ranked = json.loads(ran.stdout)["tasks"][0]["ranked"]
    assert [each["solution_id"] for each in ranked] == ["good", "bad", "none"]
    assert lines(tmp_path / "ranked.jsonl")[0]["task_id"] == "t"
    file.write_text(file.read_text() + '{"task": 5}\nnot json\n')
    ran = await run("score", file, "--model", model, cwd=tmp_path)
    assert ran.code == 1
    assert "line 4" in ran.stderr
    assert "line 5" in ran.stderr


async def test_mistakes_of_score_and_rank(tmp_path: Path, model: Path) -> None:
    """No model, no file, a folder that is no model, numbers out of range: one line, exit code 2."""
    file = dataset_of(tmp_path / "films.jsonl", make_samples(8))
    (model / "rates.json").write_text("{}")
    mistakes: list[list[str | Path]] = [
        ["score", file, "--model", "nowhere"],
        ["score", "nowhere.jsonl", "--model", tmp_path],
        ["score", file, "--model", model],
        ["score", file, "--model", model, "--drivers", "-1"],
        ["rank", file, "--model", model, "--top", "0"],
        ["rank", file],
    ]
    for arguments in mistakes:
        ran = await run(*arguments, cwd=tmp_path)
        assert (ran.code, ran.stdout) == (2, ""), arguments
        assert len(ran.stderr.strip().splitlines()) == 1, ran.stderr


async def test_an_output_that_is_no_model_is_refused_before_the_work(tmp_path: Path) -> None:
    """Training takes minutes: that its folder holds something else is said at once."""
    file = dataset_of(tmp_path / "films.jsonl", make_samples(8))
    ran = await run("train", "--dataset", file, "--output", file, cwd=tmp_path)
    assert ran.code == 2
    assert "something else than a model" in ran.last_line
    assert "training" not in ran.stderr


async def test_answers_without_a_task_are_not_ranked_and_counted(tmp_path: Path, model: Path) -> None:
    """Nobody can tell which answers belong together: the count is in the summary."""
    file = tmp_path / "answers.jsonl"
    file.write_text(json.dumps({"task": {"website": "autocinema"}, "actions": [click("go")]}) + "\n")
    ran = await run("rank", file, "--model", model, cwd=tmp_path)
    assert ran.code == 0
    assert "1 answers have no taskId and are not ranked." in ran.stderr


async def test_traces_are_read_as_in_training(tmp_path: Path, model: Path) -> None:
    """A trace counts wherever it lies below the folder; a torn one is a fault; lines of a task have none at all."""
    dataset = write_dataset(tmp_path / "films.jsonl", row(solution_id="s0"), row(solution_id="s1"))
    write_trace(tmp_path / "traces" / "deeper", trace(), "s0")
    torn = write_trace(tmp_path / "traces", trace(), "s1", compressed=False)
    torn.write_bytes(b"\n".join(torn.read_bytes().splitlines()[:-1]) + b"\n")
    attempts = list(attempts_of(dataset, tmp_path / "traces"))
    assert attempts[0].attempt is not None
    assert attempts[0].attempt.trace == behaviour_of(trace())
    assert (attempts[1].attempt, attempts[1].fault) == (None, "the trace has no end")
    ran = await run("score", dataset, "--model", model, "--traces-dir", "traces", cwd=tmp_path)
    assert ran.code == 1
    assert "the trace has no end" in ran.stderr
    file = tmp_path / "answers.jsonl"
    file.write_text(json.dumps({"task": {"taskId": "t"}, "actions": []}) + "\n")
    mistakes: list[list[str | Path]] = [
        ["score", file, "--traces-dir", "traces"],
        ["rank", dataset, "--traces-dir", "nowhere"],
    ]
    for arguments in mistakes:
        ran = await run(*arguments, "--model", model, cwd=tmp_path)
        assert (ran.code, len(ran.stderr.strip().splitlines())) == (2, 1), ran.stderr
