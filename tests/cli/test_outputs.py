"""Promises about where commands write: nothing that is read, or is not theirs, is replaced, and that is said first."""

from pathlib import Path

import pytest

from score_model.cli._outputs import check_apart
from score_model.errors import UsageError
from score_model.model import load_model, save_model
from tests.cli.commands import run
from tests.model.factories import dataset_of, make_samples, trained_model


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A trained model's folder."""
    save_model(tmp_path / "films", trained_model())
    return tmp_path / "films"


def test_an_output_is_apart_from_its_inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is read is known under any of its names, and so is a place in a folder that is read, whether it is
    there yet or not; a folder that holds an input is none to replace."""
    monkeypatch.chdir(tmp_path)
    file, folder = Path("films.jsonl"), Path("model")
    file.touch()
    folder.mkdir()
    Path("hard.jsonl").hardlink_to(file)
    Path("soft.jsonl").symlink_to(file)
    Path("other").symlink_to(folder)
    Path("loop").symlink_to("loop")
    (folder / "config.json").touch()
    for output in (
        "films.jsonl", "model/../films.jsonl", "hard.jsonl", "soft.jsonl", "model", "model/config.json",
        "model/x.jsonl", "model/new/x.jsonl", "other", "other/x.jsonl", ".",
    ):  # fmt: skip
        for path in (Path(output), Path(output).absolute()):
            with pytest.raises(UsageError, match="input"):
                check_apart(path, Path("nowhere"), None, file, folder)
    for output in ("model.jsonl", "models/x.jsonl", "model/../x.jsonl", "films.jsonl.new", "loop"):
        check_apart(Path(output), Path("nowhere"), None, file, folder)
    check_apart(None, file)


@pytest.mark.parametrize("command", ["score", "rank"])
async def test_an_output_never_replaces_an_input(tmp_path: Path, model: Path, command: str) -> None:
    """The file that is read, the model and the traces are left alone, and that is said in one line."""
    file = dataset_of(tmp_path / "films.jsonl", make_samples(8))
    (tmp_path / "traces").mkdir()
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for output in ("films.jsonl", "films/config.json", "traces/scores.jsonl"):
        ran = await run(command, file, "--model", model, "--traces-dir", "traces", "--output", output, cwd=tmp_path)
        assert (ran.code, ran.stdout, len(ran.stderr.splitlines())) == (2, "", 1), (output, ran.stderr)
        assert "input" in ran.stderr
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


async def test_a_report_replaces_nothing_but_a_report(tmp_path: Path, model: Path) -> None:
    """An evaluation into its model, its features or a folder with something else in it is refused at once, and the
    model still loads."""
    file = dataset_of(tmp_path / "data.jsonl", make_samples(8))
    (tmp_path / "features").mkdir()
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "metrics.json").write_text("mine")
    for output, said in (("films", "an input"), ("features", "an input"), ("photos", "something else than a report")):
        flags: list[str | Path] = ["--dataset", file, "--model", model, "--features", "features", "--output", output]
        ran = await run("evaluate", *flags, cwd=tmp_path)
        assert (ran.code, ran.stdout, len(ran.stderr.splitlines())) == (2, "", 1), ran.stderr
        assert said in ran.stderr
    assert (tmp_path / "photos" / "metrics.json").read_text() == "mine"
    load_model(model)


async def test_a_model_replaces_none_of_its_sources(tmp_path: Path, model: Path) -> None:
    """Training into a folder of features, or into a model's folder that something else was put into, is refused."""
    file = dataset_of(tmp_path / "data.jsonl", make_samples(8))
    (tmp_path / "features").mkdir()
    (model / "more.jsonl").write_bytes(file.read_bytes())
    for dataset, output, said in (
        ("data.jsonl", "features", "an input"),
        ("films/more.jsonl", "films", "more.jsonl, which would be lost"),
    ):
        flags = ["--dataset", dataset, "--features", "features", "--output", output]
        ran = await run("train", *flags, cwd=tmp_path)
        assert (ran.code, ran.stdout, len(ran.stderr.splitlines())) == (2, "", 1), ran.stderr
        assert said in ran.stderr
    assert (model / "more.jsonl").read_bytes() == file.read_bytes()


async def test_an_output_that_is_no_model_is_refused_before_the_work(tmp_path: Path) -> None:
    """Training takes minutes: that its folder holds something else is said at once."""
    file = dataset_of(tmp_path / "films.jsonl", make_samples(8))
    ran = await run("train", "--dataset", file, "--output", file, cwd=tmp_path)
    assert ran.code == 2
    assert "something else than a model" in ran.last_line
    assert "training" not in ran.stderr


async def test_an_output_that_can_t_be_written_is_said_first(tmp_path: Path, model: Path) -> None:
    """A folder where a file is to be, or a file where a folder is to be, is one line before any work is done."""
    file = dataset_of(tmp_path / "films.jsonl", make_samples(8))
    common: dict[str, list[str | Path]] = {
        "score": [file, "--model", "nowhere"],
        "rank": [file, "--model", "nowhere"],
        "evaluate": ["--dataset", file, "--model", "nowhere"],
        "features": ["--dataset", file],
    }
    below = f"{file}/deeper/x.jsonl"
    for command, given in common.items():
        flag = "--output-dir" if command == "features" else "--output"
        outputs = {below: f"{file} is none"}
        outputs |= {str(model): "a folder"} if command in ("score", "rank") else {str(file): f"{file} is none"}
        for output, said in outputs.items():
            ran = await run(command, *given, flag, output, cwd=tmp_path)
            assert (ran.code, ran.stdout) == (2, ""), command
            assert len(ran.stderr.strip().splitlines()) == 1, ran.stderr
            assert said in ran.stderr, (command, output)
