"""Promises about estimators of others: what breaks in one is one line that names it, and never another's fault."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from score_model.errors import PluginError, ScoreModelError, UsageError
from score_model.model import Scorer, TrainSettings, save_model, train
from score_model.model.fitting import find_estimator
from tests.model.factories import make_samples, rows_of
from tests.model.plugin_package import documented_module, install

MODULE = "my_broken_models"
SETTINGS = TrainSettings(folds=2, repeats=1, model="centroid")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed packages."""
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield tmp_path / "site"
    sys.modules.pop(MODULE, None)


def broken(old: str, new: str) -> str:
    """The documented example with one change."""
    assert old in documented_module()
    return documented_module().replace(old, new)


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("raise RuntimeError('no\\nluck')", "can't be loaded: RuntimeError: no luck"),
        ("import nothing_of_that_name", "can't be loaded: ModuleNotFoundError"),
        ("this is no Python", "can't be loaded: SyntaxError"),
        ("OTHER = 5", "can't be loaded: AttributeError"),
        ("CENTROID = 5", "is int, and no Estimator"),
        (broken("CENTROID = CentroidEstimator()", "CENTROID = CentroidEstimator"), "is type, and no Estimator"),
        (broken('name = "centroid"', 'name = "other"'), "calls itself 'other'"),
        (broken('    name = "centroid"\n', ""), "failed: AttributeError"),
    ],
)
def test_one_that_can_t_be_used_is_one_line(site: Path, module: str, said: str) -> None:
    """Whatever is wrong with the package, its name and the reason are said in one line."""
    install(site, module, module_name=MODULE)
    with pytest.raises(ScoreModelError) as error:
        find_estimator("centroid")
    assert "'centroid'" in str(error.value)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert error.value.exit_code == 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("        matrix, passed =", "        1 / 0\n        matrix, passed =", "failed: ZeroDivisionError"),
        ("        matrix, passed =", "        return 5\n        matrix, passed =", "gives int, and no FittedModel"),
        ("np.clip(self.shares(inputs).sum(axis=1), -30.0, 30.0)", "self.shares(inputs)", "not a finite number per row"),
        ("-30.0, 30.0)", "-30.0, 30.0) * np.nan", "not a finite number per row"),
    ],
)
def test_one_that_fails_at_its_work_is_named(site: Path, tmp_path: Path, old: str, new: str, said: str) -> None:
    """An exception or an answer of the wrong shape is the plug-in's fault, and not that of the rows."""
    install(site, broken(old, new), module_name=MODULE)
    with pytest.raises(PluginError, match=said):
        train(rows_of(tmp_path, make_samples(80)), SETTINGS)


def test_a_model_saves_what_its_estimator_says(site: Path, tmp_path: Path) -> None:
    """Files that are missing or unannounced would make a folder that can't be loaded: it is not written."""
    install(site, broken('files = ("centroid.json",)', 'files = ("weights.json",)'), module_name=MODULE)
    run = train(rows_of(tmp_path, make_samples(80)), SETTINGS)
    with pytest.raises(PluginError, match=r"'centroid' wrote centroid\.json"):
        save_model(tmp_path / "model", run.model)
    assert not (tmp_path / "model").exists()


def test_a_folder_names_no_plugin_of_its_own_accord(site: Path, tmp_path: Path) -> None:
    """Loading imports a plug-in only if its name was allowed; with it the scores are those of training."""
    install(site, documented_module(), module_name=MODULE)
    samples = list(make_samples(80))
    run = train(rows_of(tmp_path, samples), SETTINGS)
    save_model(tmp_path / "model", run.model)
    sys.modules.pop(MODULE)
    for allowed in ((), ("text",), "centroid"):
        with pytest.raises(UsageError, match="--allow-plugin centroid"):
            Scorer.load(tmp_path / "model", allow_plugin=allowed)
    assert MODULE not in sys.modules
    answer = next(each for each in samples if each.actions)
    loaded = Scorer.load(tmp_path / "model", allow_plugin=["centroid"])
    expected = Scorer(run.model.heads, run.model.rates).score(answer, answer.actions)
    assert loaded.score(answer, answer.actions) == expected
    assert expected.drivers


@pytest.mark.parametrize("name", ["majority", "auto"])
def test_a_name_of_ours_is_not_taken(site: Path, name: str) -> None:
    """A plug-in can't stand in for a baseline, nor for the choice by measurement."""
    install(site, documented_module(), name=name, module_name=MODULE)
    with pytest.raises(UsageError, match="a name that score-model uses itself"):
        find_estimator(name)
    assert MODULE not in sys.modules


def test_an_unknown_model_is_told_what_there_is(site: Path) -> None:
    """The names of ours and of plug-ins, none of which is imported for it."""
    install(site, documented_module(), module_name=MODULE)
    with pytest.raises(
        UsageError, match="no model is called 'tress': choose from auto, text, trees, blend, network, cent"
    ):
        find_estimator("tress")
    assert MODULE not in sys.modules
