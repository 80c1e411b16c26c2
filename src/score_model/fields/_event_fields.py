"""Finding a criterion's field in an event's data, wherever the site nests it (export contract, section 4)."""

from typing import Any

from score_model.fields._bounds import MAX_PAYLOAD_VALUES, within_bounds

_PREVIOUS = "previous_values"
"""What a field held before an edit: never what a criterion on the field means, unless it names the path."""

_Place = tuple[dict[str, Any], int]
"""An object of the payload and the outermost list that it sits in (0: none)."""


class EventFields:
    """The fields of one event's data, to be found by name or by path."""

    def __init__(self, data: dict[str, Any]) -> None:
        """`data` must be within bounds: see `read_fields`."""
        self._levels = _levels(data)

    def find(self, field: str) -> Any:
        """The value of `field`, or None if there is none (a null counts as missing).

        The shallowest key named `field` wins, and on one level the first that the site wrote. If no key has the name,
        the shallowest path of keys is taken that gives it when joined by `_` or `.` (`movie_name` for `movie`, `name`).
        A field of objects in a list has the values of all of them, as a list.
        """
        for level in self._levels:
            found = [(group, [place[field]]) for place, group in level if field in place]
            if found:
                return _joined(found)
        for level in self._levels:
            found = [(group, values) for place, group in level if (values := _along_path(place, field))]
            if found:
                return _joined(found)
        return None


def read_fields(data: dict[str, Any]) -> EventFields | None:
    """The fields of `data`, or None if it is too large or too deep to be searched: it then meets no criterion."""
    return EventFields(data) if within_bounds(data, max_values=MAX_PAYLOAD_VALUES) else None


def _levels(data: dict[str, Any]) -> list[list[_Place]]:
    """The objects of the payload, shallowest first. A list is a level of its own, so that what is outside it wins."""
    levels: list[list[_Place]] = []
    containers: list[tuple[Any, int]] = [(data, 0)]
    lists = 0
    while containers:
        level: list[_Place] = []
        below: list[tuple[Any, int]] = []
        for container, outer in containers:
            group = outer
            if isinstance(container, dict):
                level.append((container, group))
                children = [child for key, child in container.items() if key != _PREVIOUS]
            else:
                if not group:
                    lists += 1
                    group = lists
                children = container
            below.extend((child, group) for child in children if isinstance(child, dict | list))
        levels.append(level)
        containers = below
    return levels


def _joined(found: list[tuple[int, list[Any]]]) -> Any:
    """The first value found or, if it sits in a list, all that were found in the same list."""
    first = found[0][0]
    values = found[0][1] if not first else [value for group, values in found if group == first for value in values]
    if len(values) == 1:
        return values[0]
    return [item for value in values for item in (value if isinstance(value, list) else [value])]


def _along_path(node: Any, path: str) -> list[Any]:
    """The values at the end of `path` below `node`; lists on the way are passed through."""
    if isinstance(node, list):
        return [value for item in node for value in _along_path(item, path)]
    if not isinstance(node, dict):
        return []
    if path in node:
        return [node[path]]
    for key, child in node.items():
        if isinstance(child, dict | list) and isinstance(key, str) and path.startswith((f"{key}_", f"{key}.")):
            values = _along_path(child, path[len(key) + 1 :])
            if values:
                return values
    return []
