"""Observation and outcome never meet."""

from score_model.contract import Observation, Outcome, Sample
from score_model.contract.sample import Override

SECRET = {
    "score", "passed", "checks", "tests", "label_quality", "miner_uid", "validator_uid", "agent_run_id", "filters",
    "fetched_at", "split", "group", "task_id", "solution_id", "override",
}  # fmt: skip


def test_an_observation_has_no_outcome_no_tests_and_no_identities() -> None:
    """What a model may see: the leak would be a missing field, not a review comment."""
    assert not SECRET & set(Observation.__struct_fields__)
    assert set(Outcome.__struct_fields__) == {"score", "passed", "checks", "override"}
    assert not set(Observation.__struct_fields__) & set(Outcome.__struct_fields__)


def test_a_sample_splits_into_its_halves() -> None:
    """The observation holds the wording and the parsed actions, the outcome the label and what a person said of it."""
    sample = Sample(
        task_id="t", task_created_at=None, website="autobooks", use_case="U", intent="i", start_url=None,
        required_url=None, web_version=None, tests=[{"secret": 1}], solution_id="s", solution_created_at=None,
        agent_run_id=None, miner_uid=1, validator_uid=2, score=0.5, passed=True, num_actions=1,
        actions=[{"type": "click", "x": 1, "y": 2}], trajectory=None, fetched_at=None, filters={"success": True},
        group="g", split="train", label_quality="ok", override=Override(passed=False, note="secret"),
    )  # fmt: skip
    observation = sample.observation()
    assert observation.intent == "i"
    assert observation.actions[0].__struct_config__.tag == "click"
    assert "secret" not in repr(observation)
    assert sample.outcome() == Outcome(score=0.5, passed=True, override=Override(passed=False, note="secret"))
