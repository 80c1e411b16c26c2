"""A model's folder: what is in it, written whole or not at all, and read back with suspicion."""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import msgspec

from score_model.atomic import atomic_write, sync_folder
from score_model.errors import UsageError
from score_model.features import EPISODE_COLUMNS
from score_model.model._baselines import Rates
from score_model.model._card import card
from score_model.model._files import MOST_BYTES, read_bytes, read_json, write_json
from score_model.model._head import HEADS, Head, HeadCalibration
from score_model.model._report import TrainReport
from score_model.model._rows import COLUMN_NAMES
from score_model.model._settings import TrainSettings

FORMAT = 1

_MOST_FILES = 50


class _Config(msgspec.Struct, frozen=True, kw_only=True):
    """config.json: what was trained and how, and the digest (SHA-256) of every other file."""

    format: int
    settings: TrainSettings
    heads: tuple[str, ...]
    files: dict[str, str]


@dataclass(frozen=True)
class Trained:
    """Everything that a folder holds; `heads` are by name."""

    settings: TrainSettings
    heads: dict[str, Head]
    rates: Rates


def save_model(folder: Path, trained: Trained, report: TrainReport) -> None:
    """Writes the folder; a model that was there is replaced once the new one is whole.

    Raises UsageError if the folder holds something else than a model.
    """
    check_output(folder)
    beside = folder.with_name(f".{folder.name}.tmp")
    shutil.rmtree(beside, ignore_errors=True)
    for name, head in trained.heads.items():
        head.save(beside / name)
    write_json(beside / "rates.json", trained.rates)
    write_json(beside / "calibration.json", {name: head.calibrated for name, head in trained.heads.items()})
    write_json(beside / "feature_schema.json", EPISODE_COLUMNS)
    write_json(beside / "metrics.json", report)
    with atomic_write(beside / "README.md") as file:
        file.write(card(report, trained.settings).encode())
    files = {
        path.relative_to(beside).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(beside.rglob("*"))
        if path.is_file()
    }
    write_json(
        beside / "config.json",
        _Config(format=FORMAT, settings=trained.settings, heads=tuple(trained.heads), files=files),
    )
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    beside.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    sync_folder(folder.parent)


def check_output(folder: Path) -> None:
    """Raises UsageError if the folder holds something else than a model, which `save_model` would not replace."""
    if folder.exists() and not (folder / "config.json").is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: there is something else than a model; name another folder")


def load_model(folder: Path) -> Trained:
    """The model of a folder. Runs nothing that it finds there; raises UsageError with the file that is missing, damaged
    or of another version."""
    if not folder.is_dir():
        raise UsageError(f"no model at {folder}: train one with score-model train")
    config = read_json(folder / "config.json", _Config)
    if config.format != FORMAT:
        raise UsageError(f"{folder}: a model of format {config.format}; this version reads {FORMAT}: train again")
    if "actions" not in config.heads or set(config.heads) - set(HEADS) or len(config.files) > _MOST_FILES:
        raise UsageError(f"{folder / 'config.json'}: damaged: not the heads of a model")
    _check_files(folder, config.files)
    calibrations = read_json(folder / "calibration.json", dict[str, HeadCalibration])
    if set(calibrations) != set(config.heads):
        raise UsageError(f"{folder / 'calibration.json'}: damaged: not those of the heads")
    columns = frozenset(COLUMN_NAMES)
    heads = {name: Head.load(name, folder / name, calibrations[name], columns) for name in config.heads}
    return Trained(config.settings, heads, read_json(folder / "rates.json", Rates))


def _check_files(folder: Path, files: dict[str, str]) -> None:
    root = folder.resolve()
    for name, digest in files.items():
        path = folder / name
        if not path.resolve().is_relative_to(root):
            raise UsageError(f"{folder / 'config.json'}: damaged: {name[:80]!r} lies outside of the model")
        if path.is_file() and path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path}: larger than any file of a model")
        if hashlib.sha256(read_bytes(path)).hexdigest() != digest:
            raise UsageError(f"{path}: damaged: not the file that was saved with this model")
