"""Promises of the scorer: the numbers of training, honest about what it does not know, safe with hostile answers."""

import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from score_model.errors import ContractError, UsageError
from score_model.features import Behaviour
from score_model.model import Attempt, Scorer, ScoreResult, rank, save_model, train
from score_model.model.fitting import best_first, make_inputs, make_observation, standings
from tests.model.factories import QUICK, click, make_samples, rows_of, sample, traced, trained_model, typing

GOOD = [typing("Marrow Hill"), click("film3"), click("go")]
BAD = [typing("Glass Harbour"), click("film3"), click("go")]
TASK = {
    "website": "autocinema",
    "useCase": "SEARCH_FILM",
    "intent": "Search for the film whose name equals 'Marrow Hill'",
    "startUrl": "http://localhost:8000/?seed=3",
}


@pytest.fixture(scope="module")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    """A scorer that went through a folder."""
    folder = tmp_path_factory.mktemp("models") / "films"
    save_model(folder, trained_model())
    return Scorer.load(folder)


def test_serving_features_are_training_features(tmp_path: Path) -> None:
    """For each dataset line the scorer's row is bit for bit the training row, however the task is spelt."""
    samples = list(make_samples(40))
    rows = rows_of(tmp_path, samples)
    exported = [
        {"website": each.website, "useCase": each.use_case, "prompt": each.intent, "startUrl": each.start_url}
        for each in samples
    ]
    spellings = (
        samples,
        [msgspec.to_builtins(each.observation()) | {"trajectory": None} for each in samples],
        exported,
    )
    for tasks in spellings:
        observations = [
            make_observation(
                {k: v for k, v in task.items() if k != "actions"} if isinstance(task, dict) else task, each.actions
            )
            for task, each in zip(tasks, samples, strict=True)
        ]
        served = make_inputs(observations, [None] * len(observations))
        assert served.columns == rows.inputs.columns
        assert served.matrix.tobytes() == rows.inputs.matrix.tobytes()
        assert served.texts == rows.inputs.texts


def test_a_saved_model_scores_as_the_trained_one(scorer: Scorer) -> None:
    """Weights survive the folder without losing a bit."""
    samples = [each for each in make_samples(60, seed=8) if each.actions]
    inputs = make_inputs([each.observation() for each in samples], [None] * len(samples))
    direct = trained_model().heads["actions"].predict(inputs)
    served = list(scorer.score_many(Attempt(each, each.actions) for each in samples))
    assert [result.strength for result in served] == direct.strengths.tolist()
    assert [result.score for result in served] == direct.scores.tolist()


def test_better_answers_score_higher(scorer: Scorer) -> None:
    """The right film scores above the wrong one; the interval holds the probability; the reasons are named."""
    good, bad = scorer.score(TASK, GOOD), scorer.score(TASK, BAD)
    assert good.probability > bad.probability
    assert good.score > bad.score
    for result in (good, bad):
        low, high = result.interval
        assert 0.0 <= low <= result.probability <= high <= 1.0
        assert result.drivers
        assert not result.abstain, result.reason


def test_no_actions_fail_by_the_rule(scorer: Scorer) -> None:
    """An answer without actions has probability 0, whatever the task."""
    for task in (TASK, {"website": "unheard.of"}, sample(1, actions=[])):
        result = scorer.score(task, [])
        assert (result.probability, result.score, result.interval, result.head) == (0.0, 0.0, (0.0, 0.0), "rule")


def test_an_unseen_website_is_unsupported(scorer: Scorer) -> None:
    """Without a trace a website that was not learnt from gets an abstention, the overall rate and no promise."""
    result = scorer.score(TASK | {"website": "autocrm"}, GOOD)
    assert result.abstain
    assert "autocrm" in (result.reason or "")
    assert result.interval == (0.0, 1.0)
    other = scorer.score(TASK | {"website": "automail", "useCase": "SEND"}, BAD)
    assert other.probability == result.probability


STRANGE_WORDS = {"intent": "zorp blick quux vrang snaf drelb flim gork plon trusk"}
STRANGE_ACTIONS = [click(f"zz{number}") for number in range(500)] + [typing("qwx vbn " * 400)]


@pytest.mark.parametrize(
    ("changes", "actions"),
    [
        ({}, STRANGE_ACTIONS),
        (STRANGE_WORDS, [click("zz1"), typing("qwx vbn")]),
    ],
)
def test_an_abstention_backs_off(scorer: Scorer, changes: dict[str, str], actions: list[Any]) -> None:
    """Whatever the reason, the probability is the rate of the use case on the website, else of the website, else of
    everything; the score follows from it; and the reason says which it is."""
    model = trained_model()
    rates, mixture = model.rates, model.heads["actions"].expected.mixture
    case = json.dumps(["autocinema", "SEARCH_FILM"], separators=(",", ":"))
    expected = {
        ("autocinema", "SEARCH_FILM"): (rates.use_cases[case], "the use case on this website"),
        ("autocinema", "NEVER_SEEN"): (rates.websites["autocinema"], "the website"),
        ("autocinema", None): (rates.websites["autocinema"], "the website"),
        ("autocrm", "SEARCH_FILM"): (rates.overall, "all answers learnt from"),
        (None, None): (rates.overall, "all answers learnt from"),
    }
    assert len({rate for rate, _ in expected.values()}) == 3
    for (website, use_case), (rate, of) in expected.items():
        task = TASK | changes | {"website": website, "useCase": use_case, "startUrl": None}
        result = scorer.score(task, actions)
        assert result.abstain
        assert (result.probability, result.score) == (rate, float(mixture.predict_scores(np.array([rate]))[0]))
        assert result.interval == (0.0, 1.0)
        assert (result.reason or "").endswith(f"the probability is the success rate of {of}")


def test_an_abstention_by_traces_keeps_its_own_probability(tmp_path: Path) -> None:
    """What a trace shows carries over to other websites: the head's number stays, within an interval of 0 to 1."""
    model = train(traced(rows_of(tmp_path, make_samples(400))), QUICK).model
    head, scorer = model.heads["traces"], Scorer(model.heads, model.rates)
    observation = make_observation(TASK, STRANGE_ACTIONS)
    result = scorer.score(TASK, STRANGE_ACTIONS, Behaviour())
    assert (result.head, result.abstain, result.interval) == ("traces", True, (0.0, 1.0))
    said = head.predict(make_inputs([observation], [Behaviour()]))
    assert (result.probability, result.strength) == (said.probabilities[0], said.strengths[0])
    assert "success rate" not in (result.reason or "")


def test_answers_on_an_unseen_website_are_not_ranked_in_file_order(scorer: Scorer) -> None:
    """They share a probability, and the head's own strength orders them: a guess that beats the file's order."""
    task = TASK | {"website": "autocrm"}
    for attempts in ([BAD, GOOD], [GOOD, BAD]):
        ranked = rank(scorer, [Attempt(task, actions) for actions in attempts])
        assert attempts[ranked[0][0]] is GOOD
        assert ranked[0][1].abstain
        assert ranked[0][1].strength > ranked[1][1].strength
        assert ranked[0][1].probability == ranked[1][1].probability


def test_a_head_that_is_not_there_is_one_line(scorer: Scorer) -> None:
    """A model without traces says which heads it has."""
    assert scorer.heads == ("actions",)
    assert scorer.threshold() == trained_model().heads["actions"].calibrated.threshold
    with pytest.raises(UsageError, match="no head 'traces': it has actions"):
        scorer.threshold("traces")
    with pytest.raises(UsageError, match="no head 'traces'"):
        scorer.score_inputs(make_inputs([make_observation(TASK, GOOD)], [None]), "traces")


def test_strange_input_abstains(scorer: Scorer) -> None:
    """An answer that is far outside of anything learnt from is marked, on a known website too."""
    result = scorer.score(TASK | STRANGE_WORDS, STRANGE_ACTIONS)
    assert result.abstain
    assert result.interval == (0.0, 1.0)


def test_ranking_puts_the_best_first(scorer: Scorer) -> None:
    """The right answer comes first, an empty one last, and equal ones keep their order."""
    ranked = rank(scorer, [Attempt(TASK, []), Attempt(TASK, BAD), Attempt(TASK, GOOD), Attempt(TASK, GOOD)])
    assert [place for place, _ in ranked] == [2, 3, 1, 0]


def _result(head: str, probability: float, strength: float) -> ScoreResult:
    return ScoreResult(
        probability=probability,
        score=probability,
        interval=(0.0, 1.0),
        strength=strength,
        drivers=(),
        abstain=False,
        reason=None,
        head=head,
    )


def test_heads_are_compared_by_probability() -> None:
    """Strengths of one head order its answers; where heads mix calibrated probabilities do, and the rule stays last."""
    none = _result("rule", 0.0, -30.0)
    weak, strong = _result("actions", 0.6, 4.0), _result("actions", 0.6, 5.0)
    likely, hopeless = _result("traces", 0.9, 0.5), _result("traces", 0.0, -40.0)
    assert best_first([none, weak, strong]) == [2, 1, 0]
    assert best_first([none, weak, likely, hopeless, strong]) == [2, 4, 1, 3, 0]
    assert best_first([hopeless, none, likely]) == [2, 0, 1]
    assert best_first([weak, weak]) == [0, 1]
    assert best_first([]) == []


def test_what_nothing_tells_apart_is_tied() -> None:
    """Equal answers share a standing, and the next one stands behind all of them."""
    none, weak, strong = _result("rule", 0.0, -30.0), _result("actions", 0.6, 4.0), _result("actions", 0.1, 5.0)
    assert standings([none, weak, strong, weak, none]) == [4, 2, 1, 2, 4]
    assert standings([]) == []


def test_batches_change_nothing(scorer: Scorer) -> None:
    """A score is the same alone, in a batch, and with or without reasons."""
    samples = list(make_samples(30, seed=4))
    batch = list(scorer.score_many(Attempt(each, each.actions) for each in samples))
    for each, together in zip(samples, batch, strict=True):
        alone = scorer.score(each, each.actions)
        assert alone.probability == pytest.approx(together.probability, abs=1e-12)
        assert alone.abstain == together.abstain


def test_potentials_are_scores_of_prefixes(scorer: Scorer) -> None:
    """There is one potential for each number of actions from 0, the first 0, the last the answer's own score."""
    potentials = scorer.potentials(TASK, GOOD)
    assert len(potentials) == 4
    assert potentials[0] == 0.0
    assert potentials[1] == pytest.approx(scorer.score(TASK, GOOD[:1]).probability)
    assert potentials[3] == pytest.approx(scorer.score(TASK, GOOD).probability)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(actions=st.lists(JSON, max_size=5), intent=st.text(max_size=200))
def test_hostile_actions_get_a_score(scorer: Scorer, actions: list[Any], intent: str) -> None:
    """Whatever JSON an agent recorded, the result is a probability within its interval, and never a crash."""
    result = scorer.score(TASK | {"intent": intent}, actions)
    assert result.interval[0] <= result.probability <= result.interval[1]
    assert np.isfinite([result.probability, result.score, result.strength]).all()


@pytest.mark.parametrize("task", [{"website": 5}, {"intent": ["x"]}])
def test_no_task_is_refused(scorer: Scorer, task: dict[str, Any]) -> None:
    """A task of the wrong shape is a ContractError that names the field."""
    nothing: list[Any] = [[], None, 5]
    for none in nothing:
        with pytest.raises(ContractError, match="not a task"):
            scorer.score(none, [])
    with pytest.raises(ContractError, match="not a task"):
        scorer.score(task, GOOD)
    with pytest.raises(ContractError, match="list"):
        scorer.score(TASK, "click")
