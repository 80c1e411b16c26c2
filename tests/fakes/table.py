"""The table behind the fake export: filters and sort orders as the export contract's section 1 names them."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.entries import Entry


def _field(part: str, name: str) -> Callable[[Entry], Any]:
    return lambda entry: (entry.get(part) or {}).get(name)


_EQUAL: dict[str, Callable[[Entry], Any]] = {
    "website": _field("task", "website"),
    "taskId": _field("task", "taskId"),
    "webVersion": _field("task", "webVersion"),
    "minerUid": _field("agentRun", "minerUid"),
    "validatorId": _field("agentRun", "validatorUid"),
}
_CREATED = _field("solution", "createdAt")
_SCORE = _field("evaluation", "score")
_EVALUATION = _field("evaluation", "evaluationResultId")
SORTS = ("created_at_desc", "created_at_asc", "score_desc", "score_asc")


def select(entries: list[Entry], params: Mapping[str, str]) -> list[Entry]:
    """Return the rows that the filters leave, in the asked order; an unknown `sort` means newest first."""
    rows = [entry for entry in entries if _matches(entry, params)]
    order = params.get("sort", "")
    order = order if order in SORTS else "created_at_desc"
    return sorted(rows, key=sort_key(order), reverse=order.endswith("desc"))


def sort_key(order: str) -> Callable[[Entry], tuple[Any, ...]]:
    """Return the total order of a sort: ties fall by creation, then by evaluation id."""
    if order.startswith("score"):
        return lambda entry: (_SCORE(entry) or 0, _CREATED(entry) or "", _EVALUATION(entry))
    return lambda entry: (_CREATED(entry) or "", _EVALUATION(entry))


def _matches(entry: Entry, params: Mapping[str, str]) -> bool:
    if any(name in params and str(read(entry)) != params[name] for name, read in _EQUAL.items()):
        return False
    if "useCase" in params and str(entry["task"]["useCase"]).lower() != params["useCase"].lower():
        return False
    return "success" not in params or entry["evaluation"]["passed"] is (params["success"] == "true")
