"""Promises of clean_html: what differs between two loads of the same page is gone, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from score_model.traces import clean_html


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<p>a</p><script>x < 1 </p></script><p>b</p>", "<p>a</p><p>b</p>"),
        ("<SCRIPT src='a>b'>1</ScRiPt\n><p>", "<p>"),
        ("<style media=\"x\">a > b { }</style>.", "."),
        ("<script>1</script><!-- c --><style></style>", ""),
        ("<script>'</scripty>'</script >.", "."),
        ("a<!-- <script> -->b<!---->c<!-->d<!--->e<!-- -- > - -->f", "abcdef"),
        ("<p>a<!-- no end <p>", "<p>a"),
        ("<p>a<script>no end <p>", "<p>a"),
        ("<p title='<!-- no --> <script>'>1 < 2 <scripty>x", "<p title='<!-- no --> <script>'>1 < 2 <scripty>x"),
        ("<svg><style>a</style></svg>", "<svg></svg>"),
        ("<!DOCTYPE html>\n<p>é &lt;script&gt;</p>", "<!DOCTYPE html>\n<p>é &lt;script&gt;</p>"),
        ('<input id="i" name="csrfmiddlewaretoken" value="x>y">', '<input id="i" name="csrfmiddlewaretoken" value="">'),
        ("<input value='a' name=authenticity_token>", "<input value=\"\" name=authenticity_token>"),
        ('<meta name="csrf-token" content="abc">', '<meta name="csrf-token" content="">'),
        ('<input name="__RequestVerificationToken" value=abc>', '<input name="__RequestVerificationToken" value="">'),
        ('<input name="_token" value="t">', '<input name="_token" value="">'),
        ('<input name="my_token" value="t">', '<input name="my_token" value="t">'),
        ('<body data-csrf-token="abc" class="x">', '<body data-csrf-token="" class="x">'),
        ('<link nonce="r">', '<link nonce="">'),
        ('<input name="q" value="csrf">', '<input name="q" value="csrf">'),
        ("my csrf value=7", "my csrf value=7"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_goes_and_what_stays(html: str, cleaned: str) -> None:
    """Scripts, styles and comments go whole, tokens lose their values, and everything else keeps its spelling."""
    assert clean_html(html) == cleaned
    assert clean_html(cleaned) == cleaned


SOUP = st.lists(
    st.sampled_from([
        "<div>", "</div>", '<p class="a<b">', "</p>", "<script src=x>", "</script>", "<style>", "</style >", "a", '"',
        "'", "=", ">", '<a href="x>y">', "<SCRIPT>", "</ScRiPt\n>", "&lt;script&gt;", "<svg>", "</svg>", "/",
        '<img alt=">">',
        "<b title='</script>'>", "<scripty>", " ",
    ]),
    max_size=12,
)  # fmt: skip


@given(SOUP)
def test_a_parser_sees_the_same(parts: list[str]) -> None:
    """On pages as they are serialised, a parsed tree without scripts and styles is what the cleaned text parses to."""
    serialised = LexborHTMLParser("".join(parts)).html or ""
    tree = LexborHTMLParser(serialised)
    tree.strip_tags(["script", "style"])
    assert LexborHTMLParser(clean_html(serialised)).html == tree.html


@pytest.mark.parametrize(
    "part",
    [
        "<div>", "<p '>'", "<p ='>'", "<script ", "<script>", "<script =' ", "<script>< </script ", "<!--", "<!-",
        "</script",
        "<input name=csrf value=", "<input name='csrf' value=\"'", "<", "<a", " csrf=", "<x csrf:.-", "nonce <b ",
        "<style><!--",
    ],
)  # fmt: skip
def test_hostile_pages_take_no_longer(part: str) -> None:
    """Megabytes made to confuse end in the time of any page of their size: with quadratic time this test would hang."""
    for end in ("", " nonce csrf >"):
        clean_html(part * (1_000_000 // len(part)) + end)


@pytest.mark.parametrize(
    "inside", ["csrf" * 250_000, "csrf " * 200_000, " name=csrf" * 100_000, 'name=csrf value=" ' * 50_000]
)
def test_hostile_tags_take_no_longer(inside: str) -> None:
    """The same for one tag of a megabyte that looks full of tokens."""
    clean_html(f"<input {inside}>")
