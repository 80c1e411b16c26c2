"""The model on answers that the arena's scripted agents give: what it is for, in small."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from score_model.arena.agents import AGENTS, Mix, answer
from score_model.arena.tasks import generate_tasks
from score_model.contract import Sample
from score_model.features import Behaviour
from score_model.metrics import auroc
from score_model.model import load_rows, train
from score_model.model.fitting import make_inputs
from tests.model.factories import QUICK, dataset_of, sample


def answers(tasks: int) -> Iterator[tuple[Sample, Behaviour]]:
    """Answers of every kind of agent to tasks of both websites, with the backend events that they cause."""
    mix = Mix(0)
    for task in generate_tasks(tasks, seed=0):
        for profile, uid in mix.of(task):
            given = answer(task, AGENTS[profile], uid)
            answered = sample(
                0,
                task_id=task.id,
                solution_id=f"{task.id}.{uid}",
                website=task.website,
                use_case=task.use_case,
                intent=task.intent,
                start_url=task.start_url,
                actions=given.actions,
                score=given.expected.score,
                passed=given.expected.passed,
                split="train",
            )
            yield answered, Behaviour((), tuple(given.events))


def test_events_tell_passes_on_an_unseen_website(tmp_path: Path) -> None:
    """Learnt on one website with what its backend reported, the model judges the other one; actions alone say less."""
    given = list(answers(70))
    rows = load_rows([dataset_of(tmp_path / "arena.jsonl", [each for each, _ in given])])
    inputs = make_inputs([each.observation() for each, _ in given], [seen for _, seen in given])
    rows = replace(rows, inputs=inputs)
    here = np.array([website == "autobooks" for website in inputs.websites])
    run = train(rows.take(here), QUICK)
    assert set(run.model.heads) == {"actions", "traces"}
    other = rows.take(~here & ~rows.empty)
    areas = {}
    for name, head in run.model.heads.items():
        areas[name] = auroc(other.labels > 0.5, head.predict(other.inputs).probabilities).value() or 0.0
    assert areas["traces"] > 0.9
    assert areas["traces"] > areas["actions"]
    assert run.heads["traces"].preference.pairs > 50
