"""What an event may carry: only JSON that every reader and every database can hold."""

import json
import re
from typing import Any

from score_model.web import RefusedError

NOT_TEXT = re.compile("[\x00\ud800-\udfff]")  # NUL, and halves of characters, which UTF-8 cannot carry
_MOST_DEPTH = 32  # objects and lists in one another
_LEAST_INTEGER, _MOST_INTEGER = -(1 << 63), (1 << 63) - 1


def check_payload(data: dict[str, Any]) -> None:
    """Raises RefusedError 422 for data too deep, for numbers beyond 64 bits, and for names or texts that are none."""
    level: list[Any] = [data]
    depth = 0
    while level:
        depth += 1
        if depth > _MOST_DEPTH:
            raise too_deep()
        inside = [value for nested in level for value in _parts(nested)]
        for value in inside:
            if isinstance(value, str) and NOT_TEXT.search(value):
                raise _refused("Neither names nor texts have NUL or half a character")
            if isinstance(value, int) and not _LEAST_INTEGER <= value <= _MOST_INTEGER:
                raise _refused("Whole numbers have at most 64 bits, with their sign")
        level = [value for value in inside if isinstance(value, dict | list)]


def too_deep() -> RefusedError:
    """The refusal of data that is nested without end."""
    return _refused(f"Data is at most {_MOST_DEPTH} levels deep")


def unreadable(body: bytes) -> RefusedError:
    """Why a body could not be decoded: it is JSON with half a character in it (422), or no JSON at all (400)."""
    try:
        json.loads(body.decode(), parse_constant=_no_constant)
    except ValueError:
        return RefusedError(400, "invalid_json", "The body is not usable JSON")
    except RecursionError:
        return too_deep()
    return _refused("Neither names nor texts have NUL or half a character")


def _parts(nested: dict[str, Any] | list[Any]) -> list[Any]:
    return [*nested, *nested.values()] if isinstance(nested, dict) else nested


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _refused(detail: str) -> RefusedError:
    return RefusedError(422, "invalid_event", detail)
