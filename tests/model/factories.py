"""Samples for the model's tests: answers to film tasks that fail when they type the wrong film, and noise."""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import numpy as np

from score_model.contract import Sample
from score_model.dataset import group_of
from score_model.model import TrainedModel, TrainSettings, load_rows, train
from score_model.model.fitting import Rows, TrainingRun

SITES = ("autocinema", "autobooks")
QUICK = TrainSettings(folds=3, repeats=1)
COLUMN = "event_best_satisfied"

_FILMS = ("Marrow Hill", "The Long Tide", "Quiet Orchard", "Paper Lanterns", "North of Winter", "Glass Harbour")
_VERBS = (
    "Search for",
    "Show",
    "Delete",
    "Edit",
    "Comment on",
    "Find",
    "Open",
    "Review",
    "Share",
    "Watch",
    "Rate",
    "Buy",
)


def click(target: str) -> dict[str, Any]:
    """A recorded click on the element with that id."""
    selector = {"type": "attributeValueSelector", "attribute": "id", "value": target}
    return {"type": "click", "attributes": {"selector": selector}}


def typing(text: str) -> dict[str, Any]:
    """A recorded text for the search field."""
    selector = {"type": "xpathSelector", "value": "//input[@name='q']"}
    return {"type": "input", "attributes": {"text": text, "selector": selector}}


def sample(number: int, **changes: Any) -> Sample:
    """One passed answer to task `number`; `changes` are fields of the sample."""
    verb, film, site = _VERBS[number % len(_VERBS)], _FILMS[number % len(_FILMS)], SITES[number % 2]
    fields: dict[str, Any] = {
        "task_id": f"t{number}",
        "task_created_at": "2025-11-10T23:18:07+00:00",
        "website": site,
        "use_case": f"{verb.split()[0].upper()}_FILM",
        "intent": f"{verb} the film whose name equals '{film}' {'please' * (number % 5 == 0)}".strip(),
        "start_url": "http://localhost:8000/?seed=3",
        "required_url": None,
        "web_version": None,
        "tests": None,
        "solution_id": f"s{number}",
        "solution_created_at": "2025-11-11T00:04:19+00:00",
        "agent_run_id": None,
        "miner_uid": 80,
        "validator_uid": 20,
        "score": 1.0,
        "passed": True,
        "actions": [typing(film), click("go")],
        "trajectory": None,
        "fetched_at": None,
        "filters": {},
        "label_quality": "ok",
        **changes,
    }
    group = group_of(fields["website"], fields["use_case"], fields["intent"])
    fields |= {"group": group.id, "split": group.split, "num_actions": len(fields["actions"])}
    return Sample(**(fields | {name: changes[name] for name in ("group", "split") if name in changes}))


def make_samples(count: int, seed: int = 0) -> Iterator[Sample]:
    """`count` answers, four to a task, of which about a third type a wrong film and fail; one in twenty is empty."""
    chance = Random(seed)
    for number in range(count):
        task = number // 4
        wrong = chance.random() < 0.35
        right = _FILMS[task % len(_FILMS)]
        film = chance.choice([each for each in _FILMS if each != right]) if wrong else right
        waits = [{"type": "wait", "attributes": {"time_seconds": 1}}] * chance.randrange(3)
        actions = [*waits, typing(film), click(f"film{chance.randrange(20)}"), click("go")]
        empty = chance.random() < 0.05
        passed = not empty and (not wrong if chance.random() < 0.97 else wrong)
        yield sample(
            task,
            task_id=f"task{task}",
            solution_id=f"solution{seed}.{number}",
            group=f"g{task % 40:02d}",
            split="test" if task % 40 >= 36 else "train",
            actions=[] if empty else actions,
            passed=passed,
            score=float(passed),
        )


def dataset_of(path: Path, samples: Iterable[Sample]) -> Path:
    """A dataset file of the samples."""
    path.write_bytes(b"".join(msgspec.json.encode(each) + b"\n" for each in samples))
    return path


def rows_of(folder: Path, samples: Iterable[Sample]) -> Rows:
    """The rows of the samples, through a dataset file."""
    return load_rows([dataset_of(folder / "rows.jsonl", samples)])


def traced(rows: Rows) -> Rows:
    """The rows as if each had a trace in which one column tells the label, all others being unknown."""
    matrix = rows.inputs.matrix.copy()
    noise = np.random.default_rng(0).normal(scale=0.2, size=len(rows))
    matrix[:, rows.inputs.columns.index(COLUMN)] = np.clip(np.nan_to_num(rows.labels) + noise, 0.0, 1.0)
    return replace(rows, inputs=replace(rows.inputs, matrix=matrix, has_trace=np.ones(len(rows), dtype=np.bool_)))


@cache
def training_run() -> TrainingRun:
    """A training run that several tests share: it is only read."""
    with tempfile.TemporaryDirectory() as folder:
        return train(rows_of(Path(folder), make_samples(480)), QUICK)


def trained_model() -> TrainedModel:
    """The model of that run."""
    return training_run().model
