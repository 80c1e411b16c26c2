"""Promises of diff_html: a change can be read off it, and no pair of pages makes it long or slow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.traces import diff_html

HTML = st.lists(st.sampled_from(["<p>", "<b>", "</b>", "text", " ", "\n", "<", "é", "<a href='x'>"]), max_size=30).map(
    "".join
)


def test_an_attribute_and_a_new_element() -> None:
    """A changed tag is shown before and after, a new one with its place and the tag above it."""
    before = "<html><body><div class='menu'>Menu</div><ul><li>one</li></ul></body></html>"
    after = "<html><body><div class='menu open'>Menu</div><ul><li>one</li><li>two</li></ul></body></html>"
    assert diff_html(before, after) == (
        "@@ -4,1 +4,1 @@ <body>\n"
        "- <div class='menu'>Menu\n"
        "+ <div class='menu open'>Menu\n"
        "@@ -9,0 +9,2 @@ </li>\n"
        "+ <li>two\n"
        "+ </li>\n"
    )


def test_text_before_the_first_tag() -> None:
    """What stands before the first tag is no tag."""
    assert diff_html("old", "new") == "@@ -1,1 +1,1 @@\n- old\n+ new\n"
    assert diff_html("", "<p>") == "@@ -2,0 +2,1 @@\n+ <p>\n"


@given(HTML, st.sampled_from([" ", "\n\n", "\t"]))
def test_white_space_is_no_change(html: str, space: str) -> None:
    """The same page, or one that differs in the width of its white space, has an empty diff."""
    assert diff_html(html, html) == ""
    assert diff_html(html.replace(" ", "  "), html.replace(" ", f" {space}")) == ""


@given(HTML, HTML)
def test_a_diff_tells_the_change(before: str, after: str) -> None:
    """Applied to the tokens of one page, the diff gives those of the other."""
    tokens = [("<" if at else "") + " ".join(part.split()) for at, part in enumerate(before.split("<"))]
    wanted = [("<" if at else "") + " ".join(part.split()) for at, part in enumerate(after.split("<"))]
    result: list[str] = []
    at = 0
    for line in diff_html(before, after).splitlines():
        if line.startswith("@@"):
            first, count = line.split()[1].lstrip("-").split(",")
            result += tokens[at : int(first) - 1]
            at = int(first) - 1 + int(count)
        elif line.startswith("+ "):
            result.append(line[2:])
    assert result + tokens[at:] == wanted


def test_long_tokens_are_cut_around_their_difference() -> None:
    """Of two tags of 100 KB the part that differs is shown."""
    lines = diff_html(f"<a x='{'q' * 100_000}old'>", f"<a x='{'q' * 100_000}new{'z' * 1000}'>").splitlines()
    assert all(len(line) < 260 for line in lines)
    assert "old" in lines[1]
    assert "new" in lines[2]


def test_control_characters_are_not_shown() -> None:
    """Terminal escapes and halves of surrogate pairs of a hostile page do not reach the reader; each line is one."""
    shown = diff_html("<p>a", "<p>\x1b[31m\x00\ud800b\u2028c\x85d")
    assert "\x1b" not in shown
    assert shown.isascii() or "\ufffd" in shown
    shown.encode()
    assert len(shown.splitlines()) == 3


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>" * 300_000, "<b>" * 300_000),
        ("<" * 900_000, ">" * 900_000),
        ("".join(f"<p>{n}" for n in range(90_000)), "".join(f"<p>{n * 7 % 90_000}" for n in range(90_000))),
        ("".join(f"<p>{n}" for n in range(40_000)), "".join(f"<b>{n % 97}" for n in range(40_000))),
        ("".join(f"<p>{n}<br>" for n in range(20_000)), "".join(f"<p>{-n}<br>" for n in range(20_000))),
        ("x" * 900_000, "x" * 450_000 + "y" * 450_000),
    ],
    ids=range(6),
)
def test_hostile_pages_have_short_diffs(before: str, after: str) -> None:
    """Pages of 900 KB that share little or nothing: under 41,000 characters, and not left out without a count."""
    shown = diff_html(before, after)
    assert 0 < len(shown) < 41_000
    changed = sum(line.startswith(("+ ", "- ")) for line in shown.splitlines())
    assert changed < 20 or " more" in shown
