"""Masked intents, groups and splits."""

import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.dataset import group_of, mask_intent, split_of
from tests.dataset.factories import build, entry, raw_line


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


@pytest.mark.parametrize(
    ("intent", "masked"),
    [
        ("Search for the movie 'The Matrix'.", "search for the movie §"),
        ("Send a message equal to 'Hello, I'm new', and a name equal to 'John'",
         "send a message equal to §, and a name equal to §"),
        ("Delete the film 'Director's cut' where the year is 1999", "delete the film § where the year is §"),
        ("Play a song whose title equals 'Rock 'n' Roll' by 'X'", "play a song whose title equals § by §"),
        ("View the profile where the user's name equals 'Jane Doe'.",
         "view the profile where the user's name equals §"),
        ("Find 'Girls' Night Out' and rate it 5", "find § and rate it §"),
        ("Find ‘The King’s Speech’ or “La La Land”", "find §"),
        ('Find "Director\'s cut" now', "find § now"),
        ("A note that ends 'like this", "a note that ends 'like this"),
        ("Say 'can't wait!'", "say §"),
        ("Log in as user80 with password 'PASSWORD'", "log in as § with password §"),
        ("Log in as user<web_agent_id> with password 'PASSWORD'", "log in as § with password §"),
        ("Login with username:'<web_agent_id>' and password:PASSWORD", "login with username:§ and password:password"),
        ("Register <web_agent_id>@gmail.com", "register §"),
        ("Write to jane.doe@example.com about it", "write to § about it"),
        ("Go to https://example.com/a?b=1 and stop", "go to § and stop"),
        ("Book a table on May 3, 2025 at 7:30 PM for 4 people", "book a table on § at § for § people"),
        ("Total of at least $1,299.00 or 15% off", "total of at least § off"),
        ("The genre is NOT in the list [Humor]", "the genre is not in the list §"),
        ("The genre is NOT in the list [Humor, Memoir]", "the genre is not in the list §"),
        ("Add the film directed by Quentin Tarantino. Then log out.", "add the film directed by §. then log out"),
        ("Rate The Lord of the Rings  with\n5", "rate § with §"),
        ("the price is GREATER THAN '5'", "the price is greater than §"),
        ("the name equals ''", "the name equals §"),
        ("", ""),
    ],
)  # fmt: skip
def test_values_are_masked_and_the_rest_stays(intent: str, masked: str) -> None:
    """Values of every kind give a mark; operators and field names stay."""
    assert mask_intent(intent) == masked


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Show a film whose year equals '1999'", "Show a film whose rating equals '1999'"),
        ("Show a film whose year equals '1999'", "Show a film whose year does NOT equal '1999'"),
        ("Show a film whose name contains 'a'", "Show a film whose name contains 'a' and whose year is 2000"),
        ("Delete the film 'X'", "Edit the film 'X'"),
    ],
)
def test_other_constraints_give_another_mask(one: str, other: str) -> None:
    """Two wordings that differ in fields or operators stay apart."""
    assert mask_intent(one) != mask_intent(other)


def test_emphasis_and_full_stop_do_not_matter() -> None:
    """`NOT EQUAL TO` and `not equal to`, with or without a full stop, are the same wording."""
    assert mask_intent("The name is NOT EQUAL TO 'a'") == mask_intent("the name is not equal to  'b'.")


@given(st.text(max_size=200))
def test_any_text_has_a_stable_mask(text: str) -> None:
    """Masking never raises, and masking a mask changes nothing."""
    masked = mask_intent(text)
    assert mask_intent(masked) == masked


@given(st.text(alphabet="'\"’“” aAbB.,5§<>[]@:/-_", max_size=80))
def test_any_run_of_quotes_and_marks_has_a_stable_mask(text: str) -> None:
    """The same for texts made of nothing but what the masking looks at."""
    masked = mask_intent(text)
    assert mask_intent(masked) == masked


WORD = st.from_regex(r"[A-Za-z]{1,8}('[a-z]{1,3})?", fullmatch=True)
QUOTED = st.lists(WORD, min_size=1, max_size=5).map(" ".join) | st.integers(0, 10**6).map(str)
NAME = st.lists(st.from_regex(r"[A-Z][a-z]{1,8}", fullmatch=True), min_size=1, max_size=3).map(" ".join)
NUMBER = st.integers(0, 10**9).map(str) | st.floats(0, 10**6, allow_nan=False).map(lambda value: f"{value:.2f}")


@given(QUOTED, QUOTED, NAME, NUMBER)
def test_values_do_not_show_in_the_mask(first: str, second: str, name: str, number: str) -> None:
    """One template filled with any values gives one mask."""
    masked = mask_intent(
        f"Edit the film '{first}' directed by {name} where the year is {number}, and its cast equals '{second}'."
    )
    assert masked == "edit the film § directed by § where the year is §, and its cast equals §"


@pytest.mark.parametrize(
    "text",
    [
        "'a " * 100_000,
        "[" * 300_000,
        "A" * 300_000,
        "'" * 300_000,
        "Aa " * 100_000,
        "1." * 100_000,
        "[" * 2000 + "]" * 2000,
    ],
)
def test_hostile_texts_take_no_time(text: str) -> None:
    """No text makes the masking crawl."""
    started = time.perf_counter()
    mask_intent(text)
    assert time.perf_counter() - started < 10
