"""Settings of a replay."""

from pathlib import Path
from typing import Any

import pytest

from score_model.errors import UsageError
from score_model.replay._settings import ReplaySettings

_GOOD: tuple[dict[str, Any], ...] = (
    {},
    {"parallel": 64, "recycle_after": 1},
    {"max_actions": 1, "events_budget": 1, "snapshot_bytes_budget": 1},
    {"late_events_ms": 0, "idle_quiet_ms": 1, "idle_cap_ms": 1},
    {"solution_budget_s": 0.5},
    {"clock": "now", "timezone": "America/Argentina/Buenos_Aires", "locale": "zh-Hant-TW"},
    {"timezone": "Etc/GMT+5"},
    {"viewport": (1, 8_192), "browser": Path("chromium")},
)
_BAD: tuple[tuple[dict[str, Any], str], ...] = (
    ({"parallel": 0}, "--parallel"),
    ({"parallel": 65}, "--parallel"),
    ({"max_actions": 0}, "--max-actions"),
    ({"clock": "yesterday"}, "--clock"),
    ({"timezone": ""}, "--timezone"),
    ({"timezone": "../etc/passwd"}, "--timezone"),
    ({"timezone": "A" * 65}, "--timezone"),
    ({"timezone": "Europe/Berlin\n"}, "--timezone"),
    ({"locale": "en_US"}, "locale"),
    ({"locale": "e"}, "locale"),
    ({"element_timeout_ms": 0}, "element_timeout_ms"),
    ({"navigation_timeout_ms": 600_001}, "navigation_timeout_ms"),
    ({"idle_quiet_ms": 0}, "idle_quiet_ms"),
    ({"idle_quiet_ms": 500, "idle_cap_ms": 400}, "idle_cap_ms"),
    ({"late_events_ms": -1}, "late_events_ms"),
    ({"solution_budget_s": 0.0}, "solution_budget_s"),
    ({"solution_budget_s": float("nan")}, "solution_budget_s"),
    ({"solution_budget_s": float("inf")}, "solution_budget_s"),
    ({"recycle_after": 0}, "recycle_after"),
    ({"snapshot_bytes_budget": 0}, "snapshot_bytes_budget"),
    ({"events_budget": -5}, "events_budget"),
    ({"viewport": (0, 900)}, "viewport"),
    ({"viewport": (1280, 8_193)}, "viewport"),
)


def test_sensible_settings_are_taken() -> None:
    """The defaults and the bounds of every range are accepted."""
    for settings in _GOOD:
        ReplaySettings(**settings)


@pytest.mark.parametrize(("settings", "named"), _BAD)
def test_senseless_settings_are_refused_in_one_line(settings: dict[str, Any], named: str) -> None:
    """What makes no sense is refused with one line that names the setting."""
    with pytest.raises(UsageError) as refused:
        ReplaySettings(**settings)
    assert named in str(refused.value)
    assert "\n" not in str(refused.value)
