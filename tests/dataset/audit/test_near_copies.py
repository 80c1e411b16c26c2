"""Near-copies and contradictions are counted by the definitions."""

import msgspec

from score_model.dataset import AuditRow
from score_model.dataset.audit import assess
from tests.dataset.audit.scenarios import World, digest, simulate

_BASE = simulate(World(rows=1, empty=0), 0)[0]


def row(number: int, split: str, intent: str, work: str | None, *, passed: bool | None, exact: str = "") -> AuditRow:
    """A small row of its own, equal to others only where the texts are."""
    return msgspec.structs.replace(
        _BASE,
        ordinal=number,
        split=split,
        passed=passed,
        score=None,
        masked_intent=digest(intent),
        work=None if work is None else digest(work),
        exact_work=None if work is None else digest(exact or str(number)),
        num_actions=0 if work is None else 1,
    )


def test_near_copies_across_splits() -> None:
    """Work in train and also in val or test counts every row on each side; within one split it is no copy."""
    report = assess(
        [
            row(0, "train", "a", "w", passed=True),
            row(1, "train", "a", "w", passed=True),
            row(2, "test", "a", "x", passed=True),
            row(3, "val", "b", "w", passed=True),
            row(4, "test", "c", None, passed=False),
            row(5, "test", "c", None, passed=False),
            row(6, "val", "c", "y", passed=True),
        ]
    ).report
    intents, actions = report.near_copies
    assert (intents.kinds_shared, intents.train_rows, intents.val_rows, intents.test_rows) == (1, 2, 0, 1)
    assert intents.share_of_test == 0.3333
    assert (actions.kinds_shared, actions.train_rows, actions.val_rows, actions.test_rows) == (1, 2, 1, 0)
    assert actions.share_of_test == 0.0


def test_contradictions() -> None:
    """Identical work with both labels is counted and marked; near-identical work is only counted."""
    assessment = assess(
        [
            row(0, "train", "a", "w", passed=True, exact="e"),
            row(1, "train", "a", "w", passed=False, exact="e"),
            row(2, "train", "a", "w", passed=True, exact="e"),
            row(3, "train", "b", "v", passed=True),
            row(4, "train", "b", "v", passed=False),
            row(5, "train", "b", "u", passed=None, exact="g"),
            row(6, "train", "b", "u", passed=True, exact="g"),
            row(7, "train", "b", None, passed=False),
            row(8, "train", "b", None, passed=True),
        ]
    )
    exact, near = assessment.report.contradictions
    assert (exact.groups, exact.rows, exact.least_errors) == (1, 3, 1)
    assert (near.groups, near.rows, near.least_errors) == (2, 5, 2)
    assert assessment.qualities == {0: "contradicted", 1: "contradicted", 2: "contradicted", 5: "unknown"}


def test_an_outage_explains_a_contradiction() -> None:
    """The pass that an outage contradicts keeps its good label."""
    rows = simulate(World(rows=500, hopeless=0), 1)
    answered = [entry.ordinal for entry in rows if entry.num_actions and entry.passed and entry.validator_uid != 22]
    judged_down = [entry.ordinal for entry in rows if entry.num_actions and entry.validator_uid == 22]
    rows = [msgspec.structs.replace(r, passed=False) if r.validator_uid == 22 else r for r in rows]
    for number in (answered[40], judged_down[20]):
        rows[number] = msgspec.structs.replace(rows[number], exact_work=digest("same"))
    qualities = assess(rows).qualities
    assert qualities[judged_down[20]] == "environment_suspect"
    assert answered[40] not in qualities
