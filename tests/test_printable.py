"""Texts from outside, made fit to be printed and to be kept."""

from hypothesis import given
from hypothesis import strategies as st

from score_model.printable import make_printable, one_line, whole_characters

_TEXTS = st.text(st.characters(codec=None), max_size=400)


@given(_TEXTS)
def test_one_line_is_one_bounded_printable_line(text: str) -> None:
    """Whatever comes, a line of at most 300 printable characters comes out, and it stays what it is."""
    line = one_line(text)
    assert len(line) <= 300
    assert line.isprintable()
    assert one_line(line) == line


def test_a_long_text_is_cut_before_it_is_read() -> None:
    """A text beyond all bounds costs no more than its beginning."""
    assert one_line("a" * 400) == "a" * 299 + "…"
    assert one_line(" \n\t" * 1_000_000 + "end") == ""


@given(_TEXTS)
def test_what_can_not_be_printed_is_marked(text: str) -> None:
    """Each character that no terminal should get becomes one mark, and the others stay."""
    shown = make_printable(text, "?")
    assert shown.isprintable()
    assert len(shown) == len(text)
    assert all(new == (old if old.isprintable() else "?") for old, new in zip(text, shown, strict=True))


@given(_TEXTS)
def test_half_a_character_is_none(text: str) -> None:
    """UTF-8 can carry what comes out, and what it could carry before is unchanged."""
    whole = whole_characters(text)
    assert whole.encode().decode() == whole
    assert whole == text or "\ufffd" in whole


def test_two_halves_are_a_character() -> None:
    """The halves of one character, side by side, are that character; a half alone is U+FFFD."""
    assert whole_characters("\ud83c\udfac \ud83c") == "\U0001f3ac \ufffd"
