"""Promises of the network: NumPy runs what PyTorch taught, reasons add up, files are checked."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from score_model.errors import MissingExtraError, UsageError
from score_model.metrics import auroc
from score_model.model import Scorer, TrainingSet, TrainSettings, save_model, train
from score_model.model._estimators.logistic import sigmoid
from score_model.model._estimators.network import Network, NetworkEstimator, _Weights
from score_model.model._estimators.tfidf import Vocabulary
from score_model.model._files import read_arrays, write_arrays, write_json
from score_model.model._inputs import ACTION_COLUMNS, Inputs
from score_model.model.fitting import ESTIMATORS, Rows
from tests.model.factories import make_samples, rows_of

needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason="needs the extra torch")


@pytest.fixture
def small() -> Network:
    """Two words, two columns, two hidden units, weights by hand."""
    return Network(
        Vocabulary(("glass", "tide"), np.array([1.0, 2.0])),
        ("actions", "typed_characters"),
        np.array([2.0, 10.0]),
        np.array([1.0, 5.0]),
        _Weights(
            words=np.array([[1.0, 0.0], [0.0, -1.0]]),
            numbers=np.array([[0.5, 0.0], [0.0, 1.0], [0.1, 0.0], [0.0, 0.2]]),
            bias=np.array([0.0, -0.1]),
            output=np.array([2.0, -3.0]),
            base=0.25,
        ),
    )


def make_inputs(texts: tuple[str, ...], numbers: list[list[float]]) -> Inputs:
    """Rows with these texts and these values of the two columns."""
    count = len(texts)
    return Inputs(
        columns=("actions", "typed_characters"),
        matrix=np.array(numbers),
        texts=texts,
        websites=(None,) * count,
        use_cases=(None,) * count,
        action_counts=np.ones(count, dtype=np.int64),
        has_trace=np.zeros(count, dtype=np.bool_),
    )


def test_the_score_is_that_of_the_formula(small: Network) -> None:
    """Worked out by hand: standardised values, whether each is known, TF-IDF of length 1, rectified, cut at five
    standard deviations."""
    inputs = make_inputs(("glass", "tide", "unknown"), [[3.0, 20.0], [np.nan, 5.0], [9000.0, np.nan]])
    first = 2 * (1.0 + 0.5 * 1 + 0.1) - 3 * (1.0 * 2 + 0.2 - 0.1) + 0.25
    second = 2 * 0.0 - 3 * max(0.0, -1.0 - 1.0 + 0.2 - 0.1) + 0.25
    third = 2 * (0.5 * 5 + 0.1) - 3 * max(0.0, -0.1) + 0.25
    np.testing.assert_allclose(small.predict_logits(inputs), [first, second, third])


def test_reasons_add_up(small: Network) -> None:
    """Reasons and the biases of the units that are on make the score; an unknown value has no value."""
    inputs = make_inputs(("glass", "glass"), [[3.0, 20.0], [3.0, np.nan]])
    both, one = small.explain(inputs, 100)
    assert sum(each.contribution for each in both) + 0.25 - 3 * -0.1 == pytest.approx(small.predict_logits(inputs)[0])
    assert {each.name for each in both} == {"actions", "typed_characters", "word: glass"}
    assert [each.name for each in one] == ["word: glass", "actions"]


def test_files_are_checked(small: Network, tmp_path: Path) -> None:
    """A network comes back as it was; one whose parts do not fit together is refused."""
    small.save(tmp_path)
    inputs = make_inputs(("glass tide",), [[3.0, 20.0]])
    np.testing.assert_array_equal(
        NetworkEstimator().load(tmp_path).predict_logits(inputs), small.predict_logits(inputs)
    )
    names = ("idf", "middle", "scale", "words", "numbers", "bias", "output", "base")
    arrays = read_arrays(tmp_path / "network.safetensors", names)
    for name in names:
        write_arrays(tmp_path / "network.safetensors", {**arrays, name: np.zeros(7)})
        with pytest.raises(UsageError, match="do not fit together"):
            NetworkEstimator().load(tmp_path)
    write_json(tmp_path / "network.json", {"terms": ["glass"]})
    with pytest.raises(UsageError, match="not a network"):
        NetworkEstimator().load(tmp_path)


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    """Answers with actions."""
    return rows_of(tmp_path, [each for each in make_samples(240) if each.actions])


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is installed")
def test_without_torch_one_line_says_what_to_install(rows: Rows) -> None:
    """Asking for a network without PyTorch names the extra."""
    with pytest.raises(MissingExtraError, match=r"score-model\[torch\]"):
        NetworkEstimator().fit(TrainingSet.of(rows, ACTION_COLUMNS, np.ones(len(rows)), 0))


@needs_torch
def test_it_learns_and_a_seed_gives_the_same(rows: Rows) -> None:
    """It tells passes from failures of the rows that it learnt from; the same training_set gives the same bits."""
    training_set, again = (TrainingSet.of(rows, ACTION_COLUMNS, np.ones(len(rows)), 5) for _ in range(2))
    logits = training_set.fit(NetworkEstimator()).predict_logits(rows.inputs)
    area = auroc(rows.labels > 0.5, sigmoid(logits)).value()
    assert area is not None
    assert area > 0.9
    np.testing.assert_array_equal(again.fit(NetworkEstimator()).predict_logits(rows.inputs), logits)


@needs_torch
def test_a_trained_network_is_served_without_torch(tmp_path: Path) -> None:
    """It is compared with the others, can be chosen, and its folder scores answers."""
    settings = TrainSettings(folds=3, repeats=1, model="network", network=True)
    run = train(rows_of(tmp_path, make_samples(240)), settings)
    assert set(ESTIMATORS) <= set(run.heads["actions"].probabilities)
    save_model(tmp_path / "model", run.model)
    sample = next(each for each in make_samples(8, seed=9) if each.actions)
    result = Scorer.load(tmp_path / "model").score(sample, sample.actions)
    assert 0.0 <= result.interval[0] <= result.probability <= result.interval[1] <= 1.0
    assert result.drivers
