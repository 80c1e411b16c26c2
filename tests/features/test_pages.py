"""What a page is read as, and how two pages differ."""

import time

from hypothesis import given
from hypothesis import strategies as st

from score_model.features import PageReader
from score_model.features._pages import MOST_TEXTS
from tests.features.factories import DONE, FORM


def test_elements_and_texts_are_counted() -> None:
    """Links, buttons, fields and forms count as users see them: a hidden input is no field."""
    page = PageReader().read(FORM)
    assert page is not None
    assert (page.links, page.buttons, page.fields, page.forms) == (1, 1, 2, 1)
    assert page.elements == 11
    assert page.headings == ("Inception",)
    assert page.texts == ("Inception", "Home", "Comment")
    assert page.text_characters == 2 * len("Inception") + len("Home") + len("Comment")


def test_what_no_user_reads_is_no_text() -> None:
    """Scripts, styles, comments and attributes are no texts; character references are what they stand for."""
    page = PageReader().read(
        "<p title=\"a > b\">Fish &amp; chips</p><script>if (a < b) alert('invalid')</script><!-- <b>not found</b> -->"
        "<style>p > a { color: red }</style>"
    )
    assert page is not None
    assert page.texts == ("Fish & chips",)
    assert page.trouble_texts == 0


def test_a_change_tells_what_appeared_and_vanished() -> None:
    """The new message is the only text that appeared, and tells of success; backwards it vanishes."""
    reader = PageReader()
    before, after, change = reader.change(FORM, DONE)
    assert before is not None
    assert after is not None
    assert change is not None
    assert change.texts == ("Your comment has been saved, thank you",)
    assert (change.success_texts, change.trouble_texts) == (1, 0)
    assert 0.5 < change.similarity < 1
    back = reader.change(DONE, FORM)[2]
    assert back is not None
    assert (back.texts, back.vanished_characters) == ((), change.appeared_characters)


def test_trouble_is_noticed_in_short_texts_only() -> None:
    """A form's complaint tells of trouble; a plot that mentions failure does not."""
    plot = "A man who failed at everything must be brave, and cannot, until his error is found out. " * 3
    page = PageReader().read(f"<p>This field is required.</p><p>{plot}</p>")
    assert page is not None
    assert page.trouble_texts == 1


def test_the_same_page_differs_in_nothing() -> None:
    """Without a page there is no change, and the same page is no change."""
    reader = PageReader()
    assert reader.change(None, FORM)[2] is None
    same = reader.change(FORM, FORM)[2]
    assert same is not None
    assert (same.similarity, same.appeared, same.texts) == (1.0, 0, ())


def test_hostile_pages_take_linear_time() -> None:
    """Deep nesting, endless tags, unclosed quotes and comments are read in seconds, and texts are bounded."""
    started = time.monotonic()
    for hostile in ("<div>" * 400_000, "<" * 2_000_000, '<a b="' * 300_000, "<!--" * 400_000, "<script>" * 300_000,
                    "<a " + '""' * 1_000_000, "<p>" + "&" * 1_000_000):  # fmt: skip
        assert PageReader().read(hostile) is not None
    page = PageReader().read("".join(f"<p>text {number}</p>" for number in range(3 * MOST_TEXTS)))
    assert page is not None
    assert len(page.texts) == MOST_TEXTS
    assert time.monotonic() - started < 20


@given(st.lists(st.sampled_from(["<", ">", "a", "p ", '"', "'", "=", "/", "!--", "-->", "script", "&lt;", "é", " "])))
def test_any_text_is_a_page(pieces: list[str]) -> None:
    """Whatever the markup, reading it raises nothing."""
    assert PageReader().read("".join(pieces)) is not None
