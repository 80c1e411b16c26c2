"""Dataset rows to replay."""

from typing import Any

from score_model.contract import Sample

TASK_ID = "3c5b8e6e-0001-4c2f-9d61-6f3f0f4d7a11"
CREATED_AT = "2025-11-11T00:04:19.169593+00:00"
CLICK = {"type": "click", "attributes": {"selector": {"type": "xpathSelector", "value": "//button"}}}


def navigate(url: str) -> dict[str, Any]:
    """A recorded navigation."""
    return {"type": "navigate", "attributes": {"url": url, "go_back": False, "go_forward": False}}


def sample(**changed: Any) -> Sample:
    """A row of autodrive with seed 17 and one action, changed as told."""
    actions = changed.setdefault("actions", [CLICK])
    row: dict[str, Any] = {
        "task_id": TASK_ID,
        "task_created_at": "2025-11-10T23:18:07.859198+00:00",
        "website": "autodrive",
        "use_case": "SELECT_DATE",
        "intent": "Select date equal to '2025-11-13'",
        "start_url": "http://localhost:8012/?seed=17",
        "required_url": None,
        "web_version": None,
        "tests": None,
        "solution_id": "task_solution_80_1",
        "solution_created_at": CREATED_AT,
        "agent_run_id": "agent_run_80_1",
        "miner_uid": 80,
        "validator_uid": 20,
        "score": 1.0,
        "passed": True,
        "num_actions": len(actions),
        "trajectory": [],
        "fetched_at": None,
        "filters": {},
        "group": "g",
        "split": "train",
        "label_quality": "ok",
    }
    return Sample(**{**row, **changed})
