"""The only place that reads the environment and the clock."""

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import cyclopts

from score_model.contract import format_instant
from score_model.errors import UsageError

DEFAULT_DATA_DIR = Path("data/score_model_pipeline")
SETTINGS_FILE = "score_model.toml"


def _whole_number(_type: Any, tokens: Sequence[cyclopts.Token]) -> int:
    """cyclopts would round 1.5."""
    try:
        return int(tokens[0].value)
    except ValueError:
        raise ValueError(f"{tokens[0].value!r} is not a whole number") from None


Whole = Annotated[int, cyclopts.Parameter(converter=_whole_number)]
DataDir = Annotated[Path, cyclopts.Parameter(env_var="SCORE_MODEL_DATA_DIR")]


def variable(name: str) -> str | None:
    """A setting or a credential from the environment; None if it is unset or blank."""
    return os.environ.get(name, "").strip() or None


def utc_now() -> str:
    """The time as ISO 8601 text to the second; `SOURCE_DATE_EPOCH` (seconds since 1970) fixes it."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    if fixed is None:
        return format_instant(time.time_ns() // 1000)
    try:
        return format_instant(int(fixed) * 1_000_000)
    except (ValueError, OverflowError):
        raise UsageError(f"SOURCE_DATE_EPOCH={fixed[:40]!r}: whole seconds since 1970") from None


def clock_us() -> int:
    """Microseconds since 1970-01-01 UTC; a `Clock` of the arena."""
    return time.time_ns() // 1000


def timestamp_for_names() -> str:
    """The UTC time as it is used in file names, such as 20251110_163155."""
    return datetime.now(UTC).strftime("%Y%m%d_%H%M%S")


def command_settings(path: Path = Path(SETTINGS_FILE)) -> dict[str, Any]:
    """The settings file in the working directory, by command; empty if there is none.

    Raises UsageError with the place of the fault if it is no valid TOML.
    """
    if not path.exists():
        return {}
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: {error}") from None
