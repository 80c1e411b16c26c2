"""Groups and splits."""

from collections import Counter
from pathlib import Path

from score_model.dataset import group_of, split_of
from tests.dataset.rows import build, entry, raw_line


def test_near_copies_share_a_group() -> None:
    """Tasks that differ only in values fall into one group; another site or use case is another group."""
    group = group_of("autobooks", "BOOK_DETAIL", "Show the book 'A'")
    assert group == group_of("autobooks", "BOOK_DETAIL", "Show the book 'B'")
    assert group.id != group_of("autocinema", "BOOK_DETAIL", "Show the book 'A'").id
    assert group.id != group_of("autobooks", "SEARCH_BOOK", "Show the book 'A'").id
    assert len(group.id) == 16


def test_parts_of_a_group_do_not_run_into_one_another() -> None:
    """`ab` + `c` is not `a` + `bc`."""
    assert group_of("ab", "c", "x").id != group_of("a", "bc", "x").id


def test_groups_are_the_same_on_every_machine() -> None:
    """A stored split must not move between versions: these values are part of the format."""
    group = group_of("autobooks", "BOOK_DETAIL", "Show the book 'A'")
    assert (group.id, group.split) == ("1d61337c3c8a69fc", "train")


def test_splits_are_80_10_10() -> None:
    """Groups fall to train, val and test in the stated shares."""
    shares = Counter(split_of(f"{number:016x}") for number in range(20_000))
    assert shares.keys() == {"train", "val", "test"}
    assert abs(shares["train"] / 20_000 - 0.8) < 0.01
    assert abs(shares["val"] / 20_000 - 0.1) < 0.01


def test_a_split_does_not_move_when_the_dataset_grows(tmp_path: Path) -> None:
    """A row keeps its group and split whatever comes beside it."""

    def line(number: int) -> bytes:
        intent = f"Show {'very ' * number}good books"
        return raw_line(entry(task__taskId=f"t{number}", task__intent=intent))

    _, few = build(tmp_path / "few", map(line, range(20)))
    _, many = build(tmp_path / "many", map(line, range(200)))
    assert [(row["group"], row["split"]) for row in few] == [(row["group"], row["split"]) for row in many[:20]]
    assert len({row["group"] for row in many}) == 200
