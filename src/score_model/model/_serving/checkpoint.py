"""A model's folder: what is in it, written whole or not at all, and read back with suspicion."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from score_model.atomic import atomic_folder, atomic_write
from score_model.errors import UsageError
from score_model.features import EPISODE_COLUMNS
from score_model.model._card import card
from score_model.model._estimators.baselines import RATES_FILE, Rates
from score_model.model._files import read_bytes, read_json, write_json
from score_model.model._inputs import COLUMN_NAMES
from score_model.model._report import TrainReport
from score_model.model._serving.head import HEADS, Head, HeadCalibration, head_files
from score_model.model._settings import TrainSettings

FORMAT = 1

_CONFIG = "config.json"
_MOST_FILES = 50


class _Config(msgspec.Struct, frozen=True, kw_only=True):
    """config.json: what was trained and how, and the digest (SHA-256) of every other file."""

    format: int
    settings: TrainSettings
    heads: tuple[str, ...]
    files: dict[str, str]


class _Listing(msgspec.Struct, frozen=True):
    """What config.json of any version has."""

    format: int
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
    with atomic_folder(folder) as beside:
        for name, head in trained.heads.items():
            head.save(beside / name)
        trained.rates.save(beside)
        write_json(beside / "calibration.json", {name: head.calibrated for name, head in trained.heads.items()})
        write_json(beside / "feature_schema.json", EPISODE_COLUMNS)
        write_json(beside / "metrics.json", report)
        with atomic_write(beside / "README.md") as file:
            file.write(card(report, trained.settings).encode())
        files = {name: hashlib.sha256((beside / name).read_bytes()).hexdigest() for name in _names(beside)}
        write_json(
            beside / _CONFIG,
            _Config(format=FORMAT, settings=trained.settings, heads=tuple(trained.heads), files=files),
        )


def check_output(folder: Path) -> None:
    """Raises UsageError if the folder holds something else than a model, or something beside it: `save_model` replaces
    the whole of it."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    try:
        ours = {*msgspec.json.decode((folder / _CONFIG).read_bytes(), type=_Listing).files, _CONFIG}
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise UsageError(f"{folder}: there is something else than a model; name another folder") from None
    if other := next((name for name in _names(folder) if name not in ours), None):
        raise UsageError(f"{folder}: beside a model it holds {other}, which would be lost; name another folder")


def load_model(folder: Path) -> Trained:
    """The model of a folder. Runs nothing that it finds there; raises UsageError with the file that is missing, damaged
    or of another version."""
    if not folder.is_dir():
        raise UsageError(f"no model at {folder}: train one with score-model train")
    config = _config_of(folder)
    if config.format != FORMAT:
        raise UsageError(f"{folder}: a model of format {config.format}; this version reads {FORMAT}: train again")
    if "actions" not in config.heads or set(config.heads) - set(HEADS) or len(config.files) > _MOST_FILES:
        raise UsageError(f"{folder / _CONFIG}: damaged: not the heads of a model")
    _check_files(folder, config)
    calibrations = read_json(folder / "calibration.json", dict[str, HeadCalibration])
    if set(calibrations) != set(config.heads):
        raise UsageError(f"{folder / 'calibration.json'}: damaged: not those of the heads")
    columns = frozenset(COLUMN_NAMES)
    heads = {name: Head.load(name, folder / name, calibrations[name], columns) for name in config.heads}
    return Trained(config.settings, heads, Rates.load(folder))


def _names(folder: Path) -> Iterator[str]:
    """The files below the folder, by their paths in it."""
    for path in sorted(folder.rglob("*")):
        if not path.is_dir() or path.is_symlink():
            yield path.relative_to(folder).as_posix()


def _config_of(folder: Path) -> _Config:
    _check_inside(folder, _CONFIG)
    return read_json(folder / _CONFIG, _Config)


def _check_files(folder: Path, config: _Config) -> None:
    """Every file that will be read must be listed, and every listed one must be as it was saved."""
    for name in config.files:
        _check_inside(folder, name)
    _check_listed(folder, config, ("calibration.json", RATES_FILE, *(f"{head}/head.json" for head in config.heads)))
    for name, digest in config.files.items():
        path = folder / name
        if hashlib.sha256(read_bytes(path)).hexdigest() != digest:
            raise UsageError(f"{path}: damaged: not the file that was saved with this model")
    for head in config.heads:
        _check_listed(folder, config, (f"{head}/{name}" for name in head_files(folder / head)))


def _check_inside(folder: Path, name: str) -> None:
    """Links may lead about in the folder, and not out of it."""
    if not Path(os.path.realpath(folder / name)).is_relative_to(os.path.realpath(folder)):
        raise UsageError(f"{folder / _CONFIG}: damaged: {name[:80]!r} lies outside of the model")


def _check_listed(folder: Path, config: _Config, names: Iterable[str]) -> None:
    if missing := next((name for name in names if name not in config.files), None):
        raise UsageError(f"{folder / _CONFIG}: damaged: it has no digest of {missing}")
