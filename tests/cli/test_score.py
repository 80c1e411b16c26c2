"""Promises of `score` and `rank`: each answer gets its score and its place, and every mistake is one line."""

import json
import re
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from score_model.cli._attempts import attempts_of
from score_model.features import behaviour_of
from score_model.model import save_model
from tests.cli.commands import run
from tests.features.factories import row, trace, write_dataset, write_trace
from tests.model.factories import click, dataset_of, make_samples, trained_model, typing


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A trained model's folder."""
    save_model(tmp_path / "films", trained_model())
    return tmp_path / "films"


def lines(path: Path) -> list[dict[str, Any]]:
    """The JSON objects of a file."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


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


async def test_scores_go_somewhere(tmp_path: Path, model: Path) -> None:
    """Without --output each answer is a JSON line on stdout, the same that --output gets; with --json stdout has the
    summary alone. What is said to people is on stderr."""
    file = dataset_of(tmp_path / "films.jsonl", make_samples(8))
    plain = await run("score", file, "--model", model, cwd=tmp_path)
    assert plain.code == 0, plain.stderr
    assert "8 answers scored" in plain.stderr
    scores = [json.loads(line) for line in plain.stdout.splitlines()]
    assert [each["solution_id"] for each in scores] == [f"solution0.{number}" for number in range(8)]
    assert all(0.0 <= each["probability"] <= 1.0 for each in scores)
    written = await run("score", file, "--model", model, "--output", "scores.jsonl", cwd=tmp_path)
    assert (written.code, written.stdout) == (0, "")
    assert (tmp_path / "scores.jsonl").read_text() == plain.stdout
    summary = await run("score", file, "--model", model, "--json", cwd=tmp_path)
    assert json.loads(summary.stdout)["totals"]["scored"] == 8
    told = await run("score", "--help", cwd=tmp_path)
    assert "one JSON line per answer on stdout" in " ".join(told.stdout.split())


async def test_different_tasks_under_one_id_are_not_ranked(tmp_path: Path, model: Path) -> None:
    """Answers to another website or wording are none to the same task: the id is named, and the exit code is 1."""
    task = {"taskId": "same", "website": "autocinema", "prompt": "Show the film whose name equals 'Marrow Hill'"}
    other = {"website": "autobooks"}, {"prompt": "Show the film whose name equals 'The Long Tide'"}, {"useCase": "X"}
    for number, change in enumerate(other):
        tasks = [task, task, task | change, *[task | {"taskId": "fine"}] * 2]
        (tmp_path / "answers.jsonl").write_text(
            "".join(json.dumps({"task": each, "actions": [click("go")]}) + "\n" for each in tasks)
        )
        ran = await run("rank", "answers.jsonl", "--model", model, "--json", cwd=tmp_path)
        found = json.loads(ran.stdout)
        if number < 2:
            assert ran.code == 1
            assert [each["task_id"] for each in found["tasks"]] == ["fine"]
            assert found["faults"] == ["task same: different tasks under one id, not ranked"]
            assert found["faults"][0] in ran.stderr
        else:
            assert (ran.code, found["faults"]) == (0, [])
            assert [each["task_id"] for each in found["tasks"]] == ["fine", "same"]


async def test_ties_are_told(tmp_path: Path, model: Path) -> None:
    """Answers that nothing tells apart share a place, on paper and in the output, however few are shown."""
    task = {"taskId": "t", "website": "autocinema", "prompt": "Show the film whose name equals 'Marrow Hill'"}
    films = {1: "Glass Harbour", 2: "Marrow Hill", 3: "Marrow Hill"}  # ids may be numbers, as those of tasks may
    written = [{"task": task, "actions": [typing(film)], "solution_id": name} for name, film in films.items()]
    file = tmp_path / "answers.jsonl"
    file.write_text("\n".join(map(json.dumps, written)) + "\n")
    ran = await run("rank", file, "--model", model, "--json", cwd=tmp_path)
    ranked = json.loads(ran.stdout)["tasks"][0]["ranked"]
    assert [(each["solution_id"], each["place"], each["tied"]) for each in ranked] == [
        ("2", 1, True), ("3", 1, True), ("1", 3, False),
    ]  # fmt: skip
    assert [line.split()[0] for line in ran.stderr.splitlines()[1:4]] == ["1.", "1.", "3."]
    assert [line.endswith(", tied") for line in ran.stderr.splitlines()[1:4]] == [True, True, False]
    ran = await run("rank", file, "--model", model, "--top", "1", cwd=tmp_path)
    assert ran.stderr.splitlines()[1].endswith(", tied")


def test_a_line_without_end_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line beyond the limit is never held: it is counted, and the lines around it are read. The first may be it."""
    monkeypatch.setattr("score_model.cli._attempts.LONGEST_LINE", 2_000)
    good = json.dumps({"task": {"taskId": "t"}, "actions": []}).encode()
    file = tmp_path / "answers.jsonl"
    exact = good + b" " * (2_000 - len(good))
    for content, faults in (
        ([good, b"x" * 3_000_000, good], {2}),
        ([b" " * 2_001, exact, good], {1}),
        ([good, b'"' * 2_001], {2}),
    ):
        file.write_bytes(b"\n".join(content))
        found = list(attempts_of(file, None))
        assert [number for number, named in enumerate(found, 1) if named.fault is not None] == sorted(faults)
        assert {named.fault for named in found if named.fault} == {
            f"line {number}: longer than 2,000 bytes" for number in faults
        }


def test_a_long_line_takes_no_memory(tmp_path: Path) -> None:
    """200 MB without an end of line cost what the limit allows, and no more."""
    file = tmp_path / "answers.jsonl"
    with file.open("wb") as made:
        made.write(b"[")
        made.truncate(200_000_000)
    tracemalloc.start()
    (only,) = attempts_of(file, None)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert only.fault == "line 1: longer than 67,108,864 bytes"
    assert peak < 2.2 * 2**26


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


async def test_answers_without_a_task_are_not_ranked_and_counted(tmp_path: Path, model: Path) -> None:
    """Nobody can tell which answers belong together: the count is in the summary."""
    file = tmp_path / "answers.jsonl"
    file.write_text(json.dumps({"task": {"website": "autocinema"}, "actions": [click("go")]}) + "\n")
    ran = await run("rank", file, "--model", model, cwd=tmp_path)
    assert ran.code == 0
    assert ran.stderr.splitlines() == [
        "1 answer without a taskId, not ranked.",
        "0 tasks with more than one answer, of 0.",
    ]


async def test_rank_shows_the_order(tmp_path: Path, model: Path) -> None:
    """Each task is followed by its best answers, one a line; names from outside stay on their line, and are cut."""
    files = {"a\n" + "x" * 300: "Glass Harbour", "good": "Marrow Hill", "b": "Glass Harbour"}
    task = {
        "taskId": "t",
        "website": "autocinema",
        "useCase": "SEARCH_FILM",
        "prompt": "Search for the film whose name equals 'Marrow Hill'",
    }
    written = [
        {"task": task, "actions": [typing(film), click("go")], "solution_id": name} for name, film in files.items()
    ]
    written += [{"task": task, "actions": []}, {"task": task | {"taskId": "alone"}, "actions": []}]
    file = tmp_path / "answers.jsonl"
    file.write_text("\n".join(json.dumps(each) for each in written) + "\n")
    ran = await run("rank", file, "--model", model, "--top", "2", cwd=tmp_path)
    assert ran.code == 0, ran.stderr
    said = ran.stderr.splitlines()
    assert said[0] == "t: the best 2 of 4 answers"
    assert re.fullmatch(r"  1\. 0\.\d{3} good, abstains", said[1])
    assert re.fullmatch(r"  2\. 0\.\d{3} a�x{97}…, abstains, tied", said[2])
    assert said[3:] == ["1 task with more than one answer, of 2."]
    ran = await run("rank", file, "--model", model, "--top", "9", cwd=tmp_path)
    assert ran.stderr.splitlines()[0] == "t: all of 4 answers"
    assert ran.stderr.splitlines()[4] == "  4. 0.000 without an id, by the rule"


async def test_a_file_without_answers_is_one_line(tmp_path: Path, model: Path) -> None:
    """Nothing to score is a mistake, as nothing to replay is: exit code 2, and no output."""
    for name, content in (("empty.jsonl", ""), ("blank.jsonl", "\n \n")):
        (tmp_path / name).write_text(content)
        for command in ("score", "rank"):
            ran = await run(command, name, "--model", model, "--output", "out.jsonl", cwd=tmp_path)
            assert (ran.code, ran.last_line) == (2, f"score-model: {name}: no answers in it")
    assert not (tmp_path / "out.jsonl").exists()


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
