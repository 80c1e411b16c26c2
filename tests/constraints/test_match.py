"""Constraints against payloads and texts."""

from typing import Any

import pytest

from score_model.constraints import Intent, Match, match_data, match_texts, parse_intent

FILM: dict[str, Any] = {
    "id": 7,
    "name": "Tin Harbour",
    "desc": "A pilot waits.",
    "director": "Jo Lindt",
    "year": 1988,
    "duration": 95,
    "rating": 4.25,
    "genres": [{"id": 1, "name": "Drama"}, {"id": 2, "name": "War"}],
    "userId": 88,
    "previous_values": {"rating": 1.0},
}


def counts(match: Match) -> tuple[int, int, int]:
    """Satisfied, violated, missing."""
    return len(match.satisfied), len(match.violated), len(match.missing)


@pytest.mark.parametrize(
    "said",
    [
        "whose title is 'Tin Harbour'",
        "whose name is NOT 'Other' and that was released before 1990",
        "directed by 'jo lindt'",
        "NOT directed by anyone whose name contains 'Kim'",
        "with a director whose name contains 'Lind'",
        "whose release year is at least 1980 and whose running time is at most 95 minutes",
        "whose description contains 'pilot'",
        "in the genre 'Drama' that does NOT contain the genre 'Comedy'",
        "whose rating is NOT equal to 1 and whose rating is less than 4.3",
    ],
)
def test_fields_are_found_under_other_words(said: str) -> None:
    """A payload's fields are found by general English: title is name, description desc, running time duration."""
    match = match_data(parse_intent(f"Show me a film {said}"), FILM)
    assert match.complete, match


@pytest.mark.parametrize(
    "said", ["whose title is 'Tin'", "released after 1990", "NOT directed by 'Jo Lindt'", "that is NOT 'Tin Harbour'"]
)
def test_wrong_data_violates(said: str) -> None:
    """What the payload contradicts is violated, not missing."""
    assert counts(match_data(parse_intent(f"Show me a film {said}"), FILM)) == (0, 1, 0)


def test_the_owner_decides_between_fields_of_one_name() -> None:
    """In a comment's payload the film's name is the film's, and the commenter's is the other."""
    intent = parse_intent("Comment on a film whose name is 'Tin' so that the name of the commenter is 'Jo'")
    right = {"name": "Jo", "film": {"name": "Tin"}}
    wrong = {"name": "Tin", "film": {"name": "Jo"}}
    assert match_data(intent, right).complete
    assert counts(match_data(intent, wrong)) == (0, 2, 0)


def test_fields_are_found_wherever_they_are_nested() -> None:
    """Depth, lists and camel case do not hide a field."""
    intent = parse_intent("Order a tea where the unit price is below 5 and the brand is 'Oolo'")
    assert match_data(intent, {"order": {"lines": [{"unitPrice": 4}], "brandName": "Oolo"}}).complete


def test_a_demand_without_its_field_may_be_met_anywhere() -> None:
    """A value that occurs somewhere satisfies a demand; a prohibition and an order then are missing."""
    payload = {"zone": "North"}
    assert counts(match_data(parse_intent("Ship to a depot where the sector is 'North'"), payload)) == (1, 0, 0)
    assert counts(match_data(parse_intent("Ship to a depot where the sector is 'South'"), payload)) == (0, 0, 1)
    assert counts(match_data(parse_intent("Ship to a depot where the sector is NOT 'North'"), payload)) == (0, 0, 1)
    assert counts(match_data(parse_intent("Ship to a depot where the load is over 5"), payload)) == (0, 0, 1)


def test_a_share_of_nothing_is_none() -> None:
    """Without constraints there is no share, and anything is complete."""
    match = match_data(parse_intent("Show me the list"), {})
    assert match.share is None
    assert match.complete
    assert match_data(parse_intent("Show a film whose year is 1988 and whose name is 'X'"), FILM).share == 0.5


@pytest.mark.parametrize("data", [None, 5, "text", [], [{"year": 1988}], {"year": float("nan")}, {"year": 10**5000}])
def test_any_payload_is_read(data: Any) -> None:
    """Whatever a site reports, matching answers."""
    match = match_data(parse_intent("Show a film whose year is 1988 and whose id is '<web_agent_id>'"), data)
    assert sum(counts(match)) == 2


def texts_of(said: str, texts: list[str]) -> tuple[int, int, int]:
    """How one constraint fares against texts."""
    intent: Intent = parse_intent(f"Show a film {said}")
    return counts(match_texts(intent, texts))


def test_typed_and_shown_texts_meet_demands() -> None:
    """A demand is met by a text that holds its value, in whatever spelling of the kind."""
    assert texts_of("whose name is 'Tin Harbour'", ["Now showing: TIN  harbour!"]) == (1, 0, 0)
    assert texts_of("whose name is 'Tin Harbour'", ["Harbour"]) == (0, 0, 1)
    assert texts_of("whose rating equals 4.5", ["Rating: 4.50 of 5"]) == (1, 0, 0)
    assert texts_of("at '3:30 PM'", ["15:30"]) == (1, 0, 0)
    assert texts_of("whose year is 1988", []) == (0, 0, 1)


def test_prohibitions_in_texts() -> None:
    """What is forbidden must not be a text (or be in one, where containing is forbidden)."""
    assert texts_of("that is NOT 'Tin'", ["Tin Harbour"]) == (1, 0, 0)
    assert texts_of("that is NOT 'Tin'", ["other", "tin"]) == (0, 1, 0)
    assert texts_of("whose name does NOT contain 'Tin'", ["Tin Harbour"]) == (0, 1, 0)
    assert texts_of("that is NOT 'Tin'", []) == (0, 0, 1)


def test_orders_in_texts() -> None:
    """A number counts where the text is that number, or names the field."""
    assert texts_of("whose year is before 1990", ["1988"]) == (1, 0, 0)
    assert texts_of("whose year is before 1990", ["4.5"]) == (0, 0, 1)
    assert texts_of("whose year is before 1990", ["Year: 1995"]) == (0, 1, 0)
    assert texts_of("whose year is before 1990", ["1 of 12 results"]) == (0, 0, 1)
