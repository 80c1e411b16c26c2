"""Features cannot see outcomes, identities or instants: changing all of them changes no feature."""

import ast
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq

import score_model.features
from score_model.contract import Sample
from score_model.contract.sample import Override
from score_model.features import EPISODE_COLUMNS, STEP_COLUMNS, build_features
from score_model.traces import Trace
from tests.features.factories import row, trace, write_dataset, write_trace
from tests.relabel.factories import verdict

BANNED = (
    "miner", "validator", "fetched", "filters", "page_number", "task_id", "solution_id", "score", "passed", "check",
    "verdict", "test", "label", "website", "use_case", "created", "timestamp",
)  # fmt: skip


def tables(folder: Path, sample: Sample, made: Trace, solution_id: str = "s1") -> tuple[dict[str, Any], list[Any]]:
    """The feature columns of the one episode and of its steps."""
    dataset = write_dataset(folder / "dataset.jsonl", sample)
    header = msgspec.structs.replace(made.header, solution_id=solution_id)
    path = write_trace(folder / "traces", Trace(header, made.steps, made.footer), solution_id)
    if sample.task_id != "t1":
        path.parent.rename(path.parent.with_name(sample.task_id))
    report = build_features(dataset, folder / "traces", folder / "out")
    assert report.with_trace == 1
    (episode,) = pq.read_table(folder / "out/episodes.parquet").to_pylist()
    steps = pq.read_table(folder / "out/steps.parquet").to_pylist()
    names = [column.name for column in STEP_COLUMNS]
    features = {name: episode[name] for name in ("text", *(column.name for column in EPISODE_COLUMNS))}
    return features, [{name: step[name] for name in names} for step in steps]


def test_changing_every_label_verdict_and_check_changes_no_feature(tmp_path: Path) -> None:
    """Outcomes of the row, of the trace and of a person are in no feature, and the labels' table does change."""
    as_passed = tables(tmp_path / "passed", row(), trace())
    made = trace()
    assert made.footer is not None
    footer = msgspec.structs.replace(
        made.footer, verdict=verdict(False, False, None), extra={"score": 0.0, "checks": [{"passed": False}]}
    )
    failed = row(
        score=0.0,
        passed=False,
        label_quality="contradicted",
        override=Override(passed=False, score=0.0, note="no"),
        tests=[{"type": "CheckEventTest", "event_name": "ADD_COMMENT", "event_criteria": {"name": "Bob"}}],
    )
    as_failed = tables(tmp_path / "failed", failed, Trace(made.header, made.steps, footer))
    assert as_failed == as_passed
    labels = [pq.read_table(tmp_path / name / "out/labels.parquet").to_pylist()[0] for name in ("passed", "failed")]
    assert [one["label_passed"] for one in labels] == [True, False]
    assert [one["label_override_score"] for one in labels] == [None, 0.0]


def test_ids_provenance_and_instants_change_no_feature(tmp_path: Path) -> None:
    """Who acted, who judged, when, where in the dump and under which ids: none of it is a feature."""
    ours = tables(tmp_path / "ours", row(), trace())
    other = row(
        task_id="t2",
        solution_id="s2",
        miner_uid=3,
        validator_uid=4,
        agent_run_id="x",
        task_created_at="2020-01-01T00:00:00Z",
        solution_created_at="2020-01-01T00:00:00Z",
        fetched_at="2020-01-01T00:00:00Z",
        filters={"success": True},
        group="other",
        split="test",
    )
    made = trace(web_agent_id="agent-2", validator_id="v", replayed_at="2020-01-01T00:00:00Z", clock_shift_ms=99)

    def changed(event: Any) -> Any:
        later = {"id": 1, "timestamp": "2020-01-01T00:00:00Z", "web_agent_id": "b", "validator_id": "v", "user": 3}
        return {**event, **later} if "event_name" in event else {**event, "timestamp": 5.0, "ms": 99_999, "page": 3}

    steps = []
    for step in made.steps:
        shot = step.browser_snapshot
        events = {name: [changed(event) for event in getattr(shot, name) or []]
                  for name in ("js_events", "backend_events_before", "backend_events")}  # fmt: skip
        snapshot = msgspec.structs.replace(shot, timestamp="2020-01-01T00:00:00Z", **events)
        steps.append(
            msgspec.structs.replace(
                step, browser_snapshot=snapshot, project_id="x", task_id="t2", web_agent_id="agent-2"
            )
        )
    assert made.footer is not None
    footer = msgspec.structs.replace(
        made.footer,
        backend_events=[changed(event) for event in made.footer.backend_events or []],
        timings={"total": 9.0},
    )
    theirs = tables(tmp_path / "theirs", other, Trace(made.header, tuple(steps), footer), "s2")
    assert theirs == ours


def test_no_column_is_named_like_an_outcome_or_an_identity() -> None:
    """The schema has no column of what is banned."""
    for column in (*EPISODE_COLUMNS, *STEP_COLUMNS):
        assert not [word for word in BANNED if word in column.name], column.name


def test_the_feature_code_does_not_know_outcomes() -> None:
    """Only the file that writes the labels' table names a sample's outcome; none names a trace's verdict or checks."""
    folder = Path(score_model.features.__file__).parent
    for path in folder.glob("*.py"):
        tree = ast.parse(path.read_text())
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
        assert not names & {"verdict", "checks", "Outcome", "Verdict", "run_tests"}, path.name
        if path.name != "_build.py":
            assert not names & {"outcome", "passed", "score", "label_quality", "override"}, path.name
