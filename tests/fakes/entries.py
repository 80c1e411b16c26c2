"""Small deterministic leaderboard rows, shaped as the export contract's section 1 says."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

Entry = dict[str, Any]

USE_CASES = {
    "autocinema": ("FILM_DETAIL", "ADD_FILM", "SEARCH_FILM"),
    "autobooks": ("BOOK_DETAIL", "ADD_BOOK", "LOGIN_BOOK"),
    "autodrive": ("SELECT_DATE", "ENTER_LOCATION", "RESERVE_RIDE"),
    "autoconnect": ("SEARCH_USERS", "POST_STATUS", "LIKE_POST"),
}
_PORTS = {"autocinema": 8000, "autobooks": 8001, "autodrive": 8012, "autoconnect": 8008}
_FIRST = datetime(2025, 11, 10, 8, 0, tzinfo=UTC)


def make_entry(
    i: int,
    *,
    website: str | None = None,
    use_case: str | None = None,
    passed: bool | None = None,
    miner_uid: int | None = None,
    created: datetime | None = None,
) -> Entry:
    """Return row `i`: later rows were created later, about two in five passed, most failures have no actions."""
    site = website or sorted(USE_CASES)[i % len(USE_CASES)]
    case = use_case or USE_CASES.get(site, ("ANY",))[(i // len(USE_CASES)) % len(USE_CASES.get(site, ("ANY",)))]
    won = (i * 7919) % 10 < 4 if passed is None else passed
    miner = (80, 55, 122)[(i // 3) % 3] if miner_uid is None else miner_uid
    moment = created or _FIRST + timedelta(minutes=i)
    task_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"task {i}"))
    url = f"http://localhost:{_PORTS.get(site, 8003)}/?seed={i % 300 + 1}"
    click = {"type": "attributeValueSelector", "attribute": "id", "value": f"item-{i}", "case_sensitive": False}
    actions = [
        {"type": "navigate", "attributes": {"url": url, "go_back": False, "go_forward": False}},
        {"type": "click", "attributes": {"selector": click}},
    ]
    return {
        "task": {
            "taskId": task_id,
            "website": site,
            "useCase": case,
            "intent": f"Show item number {i}, Director\u2019s cut \u00e9dition",
            "startUrl": url,
            "requiredUrl": None,
            "createdAt": (moment - timedelta(minutes=40)).isoformat(),
        },
        "solution": {
            "taskSolutionId": f"task_solution_{miner}_{task_id}_{i:08x}",
            "trajectory": [],
            "actions": actions if won or i % 6 == 0 else [],
            "createdAt": moment.isoformat(),
        },
        "evaluation": {"evaluationResultId": f"evaluation_{miner}_{i:08x}", "score": int(won), "passed": won},
        "agentRun": {
            "agentRunId": f"agent_run_{miner}_{i // 50:08x}",
            "minerUid": miner,
            "minerHotkey": f"5F{miner:046d}",
            "validatorUid": (20, 55, 83)[i % 3],
            "validatorHotkey": f"5D{(20, 55, 83)[i % 3]:046d}",
        },
    }


def make_entries(count: int, *, first: int = 0) -> list[Entry]:
    """Return rows `first` to `first + count - 1`, oldest first."""
    return [make_entry(i) for i in range(first, first + count)]


def entry_id(entry: Entry) -> str:
    """Return the id that tells a row from every other one."""
    return str(entry["evaluation"]["evaluationResultId"])


def entry_ids(entries: Iterable[Entry]) -> list[str]:
    """Return the ids of rows, in their order."""
    return [entry_id(entry) for entry in entries]
