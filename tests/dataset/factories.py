"""Raw rows and raw dumps for the dataset's tests: production-shaped, every part of them changeable."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from score_model.dataset import BuildResult, DatasetPaths, build_dataset

CLICK = {"type": "click", "attributes": {"selector": {"type": "xpathSelector", "value": "//button[1]"}}}
HOTKEY = "5" + "a" * 47


def entry(**changes: Any) -> dict[str, Any]:
    """One entry; `changes` are `part__field=value`, or `part=value` for a whole part."""
    whole: dict[str, Any] = {
        "task": {
            "taskId": "t1", "website": "autobooks", "useCase": "BOOK_DETAIL",
            "intent": "Show the book 'The Testaments'", "startUrl": "http://localhost:8001/?seed=3",
            "requiredUrl": None, "createdAt": "2025-11-10T23:18:07+00:00",
        },
        "solution": {
            "taskSolutionId": "s1", "trajectory": [], "actions": [CLICK],
            "createdAt": "2025-11-11T00:04:19.169593+00:00",
        },
        "evaluation": {"evaluationResultId": "e1", "score": 1, "passed": True},
        "agentRun": {
            "agentRunId": "r1", "minerUid": 80, "minerHotkey": HOTKEY, "validatorUid": 20, "validatorHotkey": HOTKEY,
        },
    }  # fmt: skip
    for path, value in changes.items():
        part, _, field = path.partition("__")
        if field:
            whole[part][field] = value
        else:
            whole[part] = value
    return whole


def raw_line(row: Any, *, filters: Any = None, fetched_at: Any = "2025-11-11T00:33:49Z") -> bytes:
    """A raw dump's line of an entry."""
    line = {"entry": row, "filters": {} if filters is None else filters, "page": 1, "fetched_at": fetched_at}
    return json.dumps(line).encode() + b"\n"


def write_raw(path: Path, lines: Iterable[bytes]) -> Path:
    """A raw dump of the lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(lines))
    return path


def build(folder: Path, lines: Iterable[bytes], **options: Any) -> tuple[BuildResult, list[dict[str, Any]]]:
    """Builds a dataset from the lines; the result and the rows as plain JSON."""
    out = DatasetPaths.of(folder, "x")
    result = build_dataset([write_raw(out.raw, lines)], out=out, **options)
    return result, rows_of(result.dataset)


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The JSON objects of a file of lines."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]
