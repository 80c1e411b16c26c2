"""What figures make the report say, and in which order."""

import msgspec
import numpy as np

from score_model.evaluation import Split
from score_model.evaluation._report.comparison import find_best_shortcut
from score_model.evaluation._report.findings import describe_head
from score_model.evaluation._report.tables import main_grid
from score_model.metrics import Estimate
from score_model.model.fitting import sigmoid
from tests.evaluation.factories import rows_and_keys
from tests.evaluation.made_up_tables import a_split, acted_labels, few_failures


def test_a_shortcut_that_beats_the_model_comes_first() -> None:
    """The report's first sentence names the shortcut where the paired difference leaves no doubt, and only there."""
    labels = acted_labels()
    chance = np.random.default_rng(3)
    noise, good = chance.random(len(labels)), 0.7 * labels + 0.3 * chance.random(len(labels))
    beaten = describe_head("trees", {"test": a_split(noise, good)}, "test")
    assert beaten[0].startswith("A shortcut beats the model: on answers with actions, trusted labels, the number of")
    inverted = describe_head("trees", {"test": a_split(1.0 - good, good)}, "test")
    assert inverted[0].startswith("A shortcut beats the model: on answers with actions, trusted labels, the number of")
    assert inverted[0].endswith(" So do the majority, the empty-answer rule, the use case's success rate.")
    better = describe_head("trees", {"test": a_split(good, noise)}, "test")
    assert better[0].startswith("On answers with actions, trusted labels, the model has AUROC")
    same = describe_head("trees", {"test": a_split(good, good)}, "test")
    assert same[0].startswith("It is not certain that the model beats a shortcut.")


def test_a_shortcut_that_may_beat_the_model_comes_first() -> None:
    """Ahead by the figure alone, or by one without an interval: the first sentence says so, as uncertain."""
    labels = acted_labels()
    chance = np.random.default_rng(7)
    model = 0.3 * labels + chance.random(len(labels))
    ahead = model + 0.02 * labels
    split = a_split(sigmoid(model), sigmoid(ahead))
    gap = split.tables["trusted"].differences["action_count"]
    assert gap.value is not None
    assert gap.high is not None
    assert gap.value < 0.0
    found = msgspec.structs.replace(gap, low=-0.1, high=0.1)
    sentences = describe_head("trees", {"test": _with_gap(split, found)}, "test")
    assert sentences[0].startswith("A shortcut beats the model, not certainly: on answers with actions, trusted labels")
    assert not any("It is not certain that" in each for each in sentences)
    found = msgspec.structs.replace(gap, low=None, high=None)
    sentences = describe_head("trees", {"test": _with_gap(split, found)}, "test")
    assert sentences[0].startswith("A shortcut beats the model, not certainly: ")
    assert "failures without an interval" in sentences[0]


def _with_gap(split: Split, gap: Estimate) -> Split:
    tables = {
        name: msgspec.structs.replace(table, differences={**table.differences, "action_count": gap})
        for name, table in split.tables.items()
    }
    return msgspec.structs.replace(split, tables=tables)


def test_who_judged_is_a_shortcut_too() -> None:
    """Where the validator and website's success rate beats the model that comes first, as provenance; where validators
    are unknown there is no such contestant, in no sentence and no table."""
    labels = acted_labels()
    chance = np.random.default_rng(3)
    noise, good = chance.random(len(labels)), 0.7 * labels + 0.3 * chance.random(len(labels))
    judged = a_split(noise, noise, good)
    first = describe_head("trees", {"test": judged}, "test")[0]
    assert first.startswith("A shortcut beats the model: on answers with actions, trusted labels, the validator and")
    assert first.endswith("Who judged an answer is provenance, and never a feature.")
    assert find_best_shortcut(judged.tables["trusted"]) == "validator_cell"
    title = "validator's rate on the website"
    assert title in [row[0].text for row in main_grid(judged.tables["trusted"]).rows]
    unknown = a_split(noise, noise)
    assert "validator" not in " ".join(describe_head("trees", {"test": unknown}, "test"))
    assert title not in [row[0].text for row in main_grid(unknown.tables["trusted"]).rows]


def test_the_model_s_own_figure_stands_beside_that_of_its_kind() -> None:
    """Where the headline is about refits it says so, and the second sentence has the model's own figure on its own test
    split with its failures, or why there is none."""
    labels = acted_labels()
    chance = np.random.default_rng(3)
    noise, good = chance.random(len(labels)), 0.7 * labels + 0.3 * chance.random(len(labels))
    refits, own = a_split(good, noise, name="out_of_fold"), a_split(good, noise)
    failures = int((labels < 0.5).sum())
    sentences = describe_head("trees", {"test": own, "out_of_fold": refits}, "out_of_fold")
    assert sentences[0].startswith("Models of this kind, learnt anew, have AUROC 1.000 (1.000 to 1.000) on answers")
    rows = f"{failures} failures among {len(labels)}"
    assert f"{rows}, this model itself is measured too: it has AUROC 1.000 (" in sentences[1]
    none = Split(name="test", title="", skipped="the test split has no labelled answers with actions")
    sentences = describe_head("trees", {"test": none, "out_of_fold": refits}, "out_of_fold")
    assert sentences[1].endswith(
        "because the test split has no labelled answers with actions; so there is no figure of this model itself."
    )
    few = describe_head("trees", {"test": few_failures(good, noise), "out_of_fold": refits}, "out_of_fold")
    assert "it has AUROC 1.000, from 6 failures, too few for an interval" in few[1]


def test_a_model_worse_than_its_kind_is_a_warning() -> None:
    """A model that was trained on labels turned round is warned of first, before what models of its kind reach; with
    too few failures for an interval that is not certain; and a model as good as its kind is not warned of."""
    labels = acted_labels()
    chance = np.random.default_rng(3)
    noise, good = chance.random(len(labels)), 0.7 * labels + 0.3 * chance.random(len(labels))
    refits = a_split(good, noise, name="out_of_fold")
    warning = "This model does worse on its own test split than models of its kind"
    for own, begins in (
        (a_split(1.0 - good, noise), f"{warning}: AUROC is 0.000 (0.000 to 0.000) with "),
        (few_failures(1.0 - good, noise), f"{warning}, not certainly: AUROC is 0.000 with 6 failures among "),
    ):
        sentences = describe_head("trees", {"test": own, "out_of_fold": refits}, "out_of_fold")
        assert sentences[0].startswith(begins)
        assert "theirs, learnt anew, 1.000" in sentences[0]
        assert "this model itself is measured too" in sentences[1]
    # The number of actions is certainly better than that model: the first thing to read says that too.
    inverted = {"test": a_split(1.0 - good, noise), "out_of_fold": refits}
    first = describe_head("trees", inverted, "out_of_fold")[0]
    assert "A shortcut beats the model: on its own test split, answers with actions, trusted labels, " in first
    fine = describe_head("trees", {"test": a_split(good, noise), "out_of_fold": refits}, "out_of_fold")
    assert not any(warning in each for each in fine)


def test_text_that_was_asked_for_is_not_said_to_have_won() -> None:
    """Only where training chose the kind by measurement is nothing else said to have been better."""
    labels = acted_labels()
    splits = {"test": a_split(labels, np.linspace(0, 1, len(labels)))}
    won = describe_head("text", splits, "test", auto=True)
    asked = describe_head("text", splits, "test", auto=False)
    assert "The model is the baseline text only: nothing else that training tried was better." in won
    assert any(each.startswith("The model is the baseline text only, because training was asked") for each in asked)
    assert not any("nothing else" in each for each in asked)


def test_few_failures_are_said_to_rank_nothing() -> None:
    """With fewer than 100 failures, and only then, the report says which differences it can't tell."""
    number = int((~rows_and_keys()[0].empty).sum())
    split = a_split(np.linspace(0, 1, number), np.linspace(0, 1, number))
    few = {name: msgspec.structs.replace(table, failures=99) for name, table in split.tables.items()}
    enough = {name: msgspec.structs.replace(table, failures=100) for name, table in split.tables.items()}
    for tables, said in ((few, True), (enough, False)):
        sentences = describe_head("trees", {"test": msgspec.structs.replace(split, tables=tables)}, "test")
        assert any("closer than 0.05 can't be told apart" in each for each in sentences) == said
