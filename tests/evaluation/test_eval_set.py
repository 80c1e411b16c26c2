"""Promises of the keys that rows are held out by."""

from pathlib import Path

from score_model.evaluation import read_holdout_keys
from score_model.model import load_rows
from tests.model.factories import dataset_of, sample


def test_keys_stand_beside_their_rows(tmp_path: Path) -> None:
    """One for each row that is learnt from, in its order: solutions in two datasets once, rows without an id all."""
    first = [sample(1, validator_uid=1), *(sample(2, solution_id=None, validator_uid=uid) for uid in (2, 3))]
    second = [sample(1, validator_uid=9), sample(2, solution_id=None, validator_uid=4), sample(5, validator_uid=5)]
    datasets = [dataset_of(tmp_path / "a.jsonl", first), dataset_of(tmp_path / "b.jsonl", second)]
    assert load_rows(datasets).task_ids == ("t1", "t2", "t2", "t2", "t5")
    assert read_holdout_keys(datasets).validators == ("1", "2", "3", "4", "5")
