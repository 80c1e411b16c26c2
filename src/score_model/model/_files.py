"""The files of a model folder: JSON and safetensors, bounded, and never anything that can run code."""

from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np

from score_model.arrays import Floats
from score_model.atomic import atomic_write
from score_model.errors import UsageError
from score_model.model._libraries import library

MOST_BYTES = 512 * 1024 * 1024
"""Bytes of one file of a model."""

_T = TypeVar("_T")


def read_bytes(path: Path) -> bytes:
    """The file. Raises UsageError if it is not there or larger than any model's."""
    if not path.is_file():
        raise UsageError(f"{path}: not there; this is no whole model folder")
    if path.stat().st_size > MOST_BYTES:
        raise UsageError(f"{path}: larger than any file of a model")
    return path.read_bytes()


def write_json(path: Path, value: Any) -> None:
    """Writes the value as JSON that people can read, whole or not at all."""
    with atomic_write(path) as file:
        file.write(msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=1) + b"\n")


def read_json(path: Path, kind: type[_T]) -> _T:
    """The value of a JSON file. Raises UsageError with what is wrong if it is not of that kind."""
    try:
        return msgspec.json.decode(read_bytes(path), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
        raise UsageError(f"{path}: damaged: {broken}") from None


def write_arrays(path: Path, arrays: dict[str, Floats]) -> None:
    """Writes float64 vectors as safetensors, whole or not at all."""
    with atomic_write(path) as file:
        file.write(library("safetensors.numpy").save(arrays))


def read_arrays(path: Path, names: tuple[str, ...]) -> dict[str, Floats]:
    """The vectors of those names, in that order. Raises UsageError if one is missing, is no float64 vector or is not
    finite."""
    data = read_bytes(path)
    safetensors = library("safetensors")
    try:
        arrays = library("safetensors.numpy").load(data)
    except (safetensors.SafetensorError, ValueError, KeyError, TypeError) as broken:
        raise UsageError(f"{path}: damaged: {broken}") from None
    for name in names:
        array = arrays.get(name)
        if array is None or array.ndim != 1 or array.dtype != np.float64 or not np.isfinite(array).all():
            raise UsageError(f"{path}: damaged: {name} is no vector of finite numbers")
    return {name: arrays[name] for name in names}
