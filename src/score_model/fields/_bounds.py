"""How much of a payload or an expected value is looked at: both come from outside and may be made to hurt."""

from typing import Any

MAX_DEPTH = 32
MAX_PAYLOAD_VALUES = 5_000
MAX_EXPECTED_VALUES = 200
"""Comparing lists costs the product of their lengths: these bounds keep the worst test under a second or so."""


def within_bounds(value: Any, *, max_values: int) -> bool:
    """Whether `value` nests at most MAX_DEPTH levels and holds at most `max_values` values, counted over all levels."""
    count, level = 0, [value]
    for _ in range(MAX_DEPTH + 1):
        below: list[Any] = []
        for item in level:
            if not isinstance(item, dict | list):
                continue
            count += len(item)
            if count > max_values:
                return False
            children = item.values() if isinstance(item, dict) else item
            below.extend(child for child in children if isinstance(child, dict | list))
        if not below:
            return True
        level = below
    return False
