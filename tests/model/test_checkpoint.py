"""Promises about model folders: a damaged or hostile one is one clear line, and nothing in it is run."""

import dataclasses
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from score_model.errors import ContractError, UsageError
from score_model.model import Scorer, TrainSettings, load_model, save_model, train
from score_model.model._estimators.lightgbm_text import check_text
from score_model.model._estimators.network import Network, _Weights
from score_model.model._estimators.tfidf import Vocabulary
from score_model.model._serving.head import list_head_files
from score_model.model.fitting import ESTIMATORS
from tests.model.factories import make_samples, rows_of, trained_model


@pytest.fixture(scope="module")
def blend(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every kind of file: a blend has both text and trees."""
    folder = tmp_path_factory.mktemp("models")
    settings = TrainSettings(folds=3, repeats=1, model="blend")
    save_model(folder / "blend", train(rows_of(folder, make_samples(300)), settings).model)
    return folder / "blend"


@pytest.fixture
def copy(blend: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(blend, tmp_path / "copy"))


def with_new_digests(folder: Path) -> None:
    """What an attacker does who knows the format: makes the digests fit."""
    config = json.loads((folder / "config.json").read_bytes())
    config["files"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in config["files"]}
    (folder / "config.json").write_text(json.dumps(config))


FILES = (
    "config.json", "calibration.json", "rates.json", "actions/head.json", "actions/blend.json", "actions/trees.txt",
    "actions/trees.json", "actions/text.safetensors", "actions/text_vocabulary.json",
    "actions/preference.json", "actions/familiarity.json",
)  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_needed_whole(copy: Path, name: str) -> None:
    """A file that is missing, cut short, or not what was saved is named, with its digest made to fit or not."""
    path = copy / name
    whole = path.read_bytes()
    path.unlink()
    with pytest.raises(UsageError, match=name):
        Scorer.load(copy)
    for content in (whole[: len(whole) // 2], b"", b"\x80\x04]\x94.", b"[]", b'{"files": NaN}'):
        path.write_bytes(content)
        with pytest.raises(UsageError, match=name):
            Scorer.load(copy)
        if name != "config.json":
            with_new_digests(copy)
            with pytest.raises(UsageError, match="damaged"):
                Scorer.load(copy)


def test_no_model_at_all(tmp_path: Path) -> None:
    """A path that is no folder, an empty folder and another format each say so."""
    for path in (tmp_path / "nothing", tmp_path):
        with pytest.raises(UsageError):
            load_model(path)


def test_files_outside_of_the_folder_are_not_read(copy: Path) -> None:
    """A config that names files elsewhere is refused."""
    config = json.loads((copy / "config.json").read_bytes())
    for name in ("../secret", "/etc/passwd"):
        config["files"] = {name: "0" * 64}
        (copy / "config.json").write_text(json.dumps(config))
        with pytest.raises(UsageError, match="outside"):
            load_model(copy)


@pytest.mark.parametrize("name", FILES[1:])
def test_no_file_is_read_without_a_digest(copy: Path, name: str) -> None:
    """Digests that are left out would make all the others vacuous."""
    config = json.loads((copy / "config.json").read_bytes())
    for listed in ({}, {other: digest for other, digest in config["files"].items() if other != name}):
        (copy / "config.json").write_text(json.dumps(config | {"files": listed}))
        with pytest.raises(UsageError, match=r"config\.json: damaged: it has no digest of"):
            load_model(copy)


def test_links_out_of_the_folder_are_not_followed(copy: Path, tmp_path: Path) -> None:
    """A file, a head's whole folder or the config that lies elsewhere is refused, though its digest fits; the model's
    own folder may be a link."""
    (tmp_path / "link").symlink_to(copy)
    load_model(tmp_path / "link")
    for name in ("rates.json", "actions", "config.json"):
        (copy / name).rename(tmp_path / "elsewhere")
        (copy / name).symlink_to(tmp_path / "elsewhere")
        with pytest.raises(UsageError, match="outside"):
            load_model(copy)
        (copy / name).unlink()
        (tmp_path / "elsewhere").rename(copy / name)
    load_model(copy)


@pytest.mark.parametrize("kind", ["text", "trees", "blend"])
def test_what_is_saved_is_what_is_read(tmp_path: Path, kind: Literal["text", "trees", "blend"]) -> None:
    """Every file of a saved head is one that loading demands a digest of, and no other is."""
    folder = tmp_path / "model"
    save_model(folder, train(rows_of(tmp_path, make_samples(200)), TrainSettings(folds=2, repeats=1, model=kind)).model)
    assert sorted(list_head_files(folder / "actions")) == sorted(path.name for path in (folder / "actions").iterdir())
    load_model(folder)


def test_a_saved_network_is_read_whole(tmp_path: Path) -> None:
    """The same of a network, which needs PyTorch to be learnt and not to be kept."""
    model = trained_model()
    one, two = np.ones(1), np.ones((2, 1))
    weights = _Weights(words=np.ones((1, 1)), numbers=two, bias=one, output=one, base=0.0)
    network = Network(Vocabulary(("film",), one), ("actions",), one, one, weights)
    head = dataclasses.replace(model.heads["actions"], model=network, estimator=ESTIMATORS["network"])
    save_model(tmp_path / "model", dataclasses.replace(model, heads={"actions": head}))
    saved = sorted(path.name for path in (tmp_path / "model/actions").iterdir())
    assert sorted(list_head_files(tmp_path / "model/actions")) == saved
    assert isinstance(load_model(tmp_path / "model").heads["actions"].model, Network)


def test_another_format_or_schema_is_told(copy: Path) -> None:
    """A model of another format, or over features that are not made any more, asks to be trained again."""
    config = json.loads((copy / "config.json").read_bytes())
    (copy / "config.json").write_text(json.dumps(config | {"format": 99}))
    with pytest.raises(UsageError, match="train again"):
        load_model(copy)
    (copy / "config.json").write_text(json.dumps(config))
    trees = json.loads((copy / "actions/trees.json").read_bytes())
    trees["columns"][0] = "a_feature_of_the_past"
    (copy / "actions/trees.json").write_text(json.dumps(trees))
    with_new_digests(copy)
    with pytest.raises(UsageError, match="a_feature_of_the_past"):
        load_model(copy)


def test_something_else_is_not_overwritten(tmp_path: Path) -> None:
    """A model replaces a model, and nothing else."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"cat")
    with pytest.raises(UsageError, match="something else"):
        save_model(tmp_path / "photos", trained_model())
    assert (tmp_path / "photos" / "cat.jpg").read_bytes() == b"cat"
    for content in ("{}", '{"name": "a web page"}', "not JSON"):
        (tmp_path / "photos" / "config.json").write_text(content)
        with pytest.raises(UsageError, match="something else"):
            save_model(tmp_path / "photos", trained_model())
    assert (tmp_path / "photos" / "cat.jpg").read_bytes() == b"cat"
    save_model(tmp_path / "model", trained_model())
    save_model(tmp_path / "model", trained_model())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model", "photos"]
    (tmp_path / "model" / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"it holds notes\.txt, which would be lost"):
        save_model(tmp_path / "model", trained_model())
    assert (tmp_path / "model" / "notes.txt").read_text() == "mine"


def line(name: str, change: Callable[[list[str]], list[str]]) -> Callable[[str], str]:
    """Changes the values of the first line of that name."""

    def changed(text: str) -> str:
        start = text.index(f"\n{name}=") + 1
        end = text.index("\n", start)
        values = text[start:end].partition("=")[2].split(" ")
        return f"{text[:start]}{name}={' '.join(change(values))}{text[end:]}"

    return changed


ATTACKS: dict[str, Any] = {
    "a column far away": line("split_feature", lambda values: ["99999", *values[1:]]),
    "a negative column": line("split_feature", lambda values: ["-1", *values[1:]]),
    "a branch to itself": line("left_child", lambda values: ["0", *values[1:]]),
    "a leaf far away": line("right_child", lambda values: ["-9999", *values[1:]]),
    "more leaves than values": line("num_leaves", lambda values: ["4000"]),
    "fewer thresholds": line("threshold", lambda values: values[1:]),
    "a categorical split": line("decision_type", lambda values: ["1", *values[1:]]),
    "a linear tree": line("is_linear", lambda values: ["1"]),
    "more classes": line("num_class", lambda values: ["7"]),
    "more columns": line("max_feature_idx", lambda values: ["100000"]),
    "an unknown field": lambda text: text.replace("\nshrinkage=", "\ncat_boundaries=0 5\nshrinkage=", 1),
    "a field twice": lambda text: text.replace("\nnum_cat=0", "\nnum_cat=0\nnum_cat=0", 1),
    "words for numbers": line("leaf_value", lambda values: ["import os", *values[1:]]),
    "an infinite leaf": line("leaf_value", lambda values: ["inf", *values[1:]]),
    "a leaf beyond any float": line("leaf_value", lambda values: ["-1e999", *values[1:]]),
    "a leaf that is no number": line("leaf_value", lambda values: ["nan", *values[1:]]),
    "leaves whose sum is infinite": line("leaf_value", lambda values: ["1e308", *values[1:]]),
    "an infinite weight": line("leaf_weight", lambda values: ["inf", *values[1:]]),
    "an infinite node": line("internal_value", lambda values: ["1e400", *values[1:]]),
    "an infinite shrinkage": line("shrinkage", lambda values: ["inf"]),
    "a threshold that is no number": line("threshold", lambda values: ["nan", *values[1:]]),
    "another objective": line("objective", lambda values: ["custom"]),
    "no trees at all": lambda text: "",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_hostile_trees_never_reach_lightgbm(copy: Path, name: str) -> None:
    """Trees with indices beyond their tables, endless branches or other kinds of splits are refused as text."""
    path = copy / "actions/trees.txt"
    columns = len(json.loads((copy / "actions/trees.json").read_bytes())["columns"])
    text = path.read_text()
    assert check_text(text, columns) == text
    spoilt = ATTACKS[name](text)
    assert spoilt != text
    with pytest.raises(ContractError):
        check_text(spoilt, columns)
    path.write_text(spoilt)
    with_new_digests(copy)
    with pytest.raises(UsageError, match=r"trees\.txt: damaged"):
        load_model(copy)


def test_known_and_unknown_values_may_be_told_apart(copy: Path) -> None:
    """LightGBM's split on whether a value is known at all has an infinite threshold: that is learnt and read."""
    columns = json.loads((copy / "actions/trees.json").read_bytes())["columns"]
    text = line("threshold", lambda values: ["inf", *values[1:]])((copy / "actions/trees.txt").read_text())
    assert check_text(text, len(columns)) == text
