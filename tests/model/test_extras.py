"""Promises of the room's door: importing it is light, and without the extra it says what to install."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from score_model.extras import distributions_of_extras
from score_model.model import TrainSettings, save_model, train
from tests.cli.commands import environment
from tests.model.factories import dataset_of, make_samples, rows_of


def ran(code: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter that ran the code."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment())


def test_importing_loads_no_library() -> None:
    """The room loads numpy and nothing slower; training and loading a model do the rest."""
    loaded = ran("import sys, score_model.model\nprint(*{name.partition('.')[0] for name in sys.modules})")
    assert loaded.returncode == 0, loaded.stderr
    assert not set(loaded.stdout.split()) & {"sklearn", "lightgbm", "scipy", "pyarrow", "gymnasium", "matplotlib"}


@pytest.mark.parametrize(
    ("missing", "statement", "extra"),
    [
        ("numpy", "import score_model.model", "score"),
        ("numpy", "import score_model; score_model.Scorer", "score"),
        ("lightgbm", "from score_model.model._libraries import library; library('lightgbm')", "score"),
        ("sklearn", "from score_model.model._libraries import library; library('sklearn.isotonic')", "train"),
        ("gymnasium", "import score_model.model.gym", "gym"),
    ],
)
def test_a_missing_library_names_the_extra(missing: str, statement: str, extra: str) -> None:
    """Without the library the error is ours and names the extra to install."""
    ended = ran(f"import sys\nsys.modules[{missing!r}] = None\n{statement}")
    assert ended.returncode == 1
    assert "MissingExtraError" in ended.stderr
    assert f"score-model[{extra}]" in ended.stderr


@pytest.mark.parametrize("raised", ["OSError", "ImportError"])
def test_a_missing_system_library_names_its_package(tmp_path: Path, raised: str) -> None:
    """LightGBM without OpenMP's library, as on a bare machine, ends in one line that says what to install."""
    reason = "libgomp.so.1: cannot open shared object file: No such file or directory"
    (tmp_path / "lightgbm.py").write_text(f"raise {raised}({reason!r})\n")
    path = f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\n"
    ended = ran(f"{path}from score_model.model._libraries import library; library('lightgbm')")
    assert ended.returncode == 1
    assert "UsageError: lightgbm is installed and can't be loaded" in ended.stderr
    assert "libgomp1" in ended.stderr


def test_the_wrapper_s_extra_has_all_that_it_needs() -> None:
    """`score-model[gym]` alone can load a model: it brings what `train` brings."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert "score-model[train]" in project["optional-dependencies"]["gym"]


def test_the_extra_score_is_enough_to_score(tmp_path: Path) -> None:
    """A model of texts and trees is loaded and scores the same without what only training needs."""
    samples = list(make_samples(480))
    settings = TrainSettings(folds=3, repeats=1, model="blend")
    save_model(tmp_path / "model", train(rows_of(tmp_path, samples), settings).model)
    answers = dataset_of(tmp_path / "answers.jsonl", samples[:20])
    table = distributions_of_extras()
    spare = {name.replace("scikit-learn", "sklearn") for name in set(table["all"]) - {*table["score"], *table[""]}}
    assert {"sklearn", "pyarrow", "matplotlib", "threadpoolctl", "zstandard"} <= spare
    words = ["score", str(answers), "--model", str(tmp_path / "model")]
    program = "from score_model.cli.main import run\nraise SystemExit(run({!r}))"
    whole, alone = (
        ran(f"import sys; sys.modules.update(dict.fromkeys({sorted(hidden)!r}))\n{program.format(words)}")
        for hidden in (set(), spare)
    )
    assert (alone.returncode, alone.stderr) == (0, whole.stderr)
    assert alone.stdout == whole.stdout
    assert alone.stdout.count("probability") == 20
