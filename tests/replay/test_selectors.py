"""Recorded selectors find the element that they mean, whatever their values hold."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from score_model.contract.selectors import parse_selector
from score_model.replay._actions.result import ActionFailedError
from score_model.replay._actions.selectors import locate
from tests.replay.drivers import Visit

pytestmark = pytest.mark.asyncio(loop_scope="module")

NASTY = [
    "Director's cut",
    'say "hi"',
    "both ' and \"",
    "back\\slash",
    "ends in \\",
    "a >> b",
    ">>> xpath=//b",
    "line\nbreak",
    "tab\there",
    "a]b[c",
    "#not.css:is(this)",
    "naïve café",
    "映画 🎬",
    "`ticks`",
    "</script>",
    "1starts-with-digit",
    "-",
    "--x",
    "\\41 ",
    "text=Login",
    ":visible",
    "a,b",
    "/* no comment */",
]
TEXTS = [value for value in NASTY if value.strip() == value and "script" not in value]


async def _found(visit: Visit, **raw: Any) -> list[str]:
    """The `data-n` of each element that the selector finds."""
    found = locate(visit.page, parse_selector(raw))
    names = await found.evaluate_all("elements => elements.map(element => element.dataset.n)")
    return [str(name) for name in names]


async def _mark(visit: Visit, attribute: str, values: list[str], tag: str = "p") -> None:
    """A page with an element for each value."""
    await visit.page.evaluate(
        """([tag, attribute, values]) => {
          document.body.replaceChildren(...values.map((value, n) => {
            const element = document.createElement(tag);
            element.setAttribute(attribute, value);
            element.dataset.n = n;
            element.textContent = "x";
            return element;
          }));
        }""",
        [tag, attribute, values],
    )


@pytest.mark.parametrize("attribute", ["name", "data-testid", "aria-label", "placeholder", "xlink:href", "@click"])
async def test_attribute_values_match_exactly(visit: Visit, attribute: str) -> None:
    """A value of any characters finds the element whose attribute equals it, and no other."""
    await visit.show("")
    if attribute == "@click":  # an attribute that only a parser makes
        await visit.page.evaluate(
            """document.body.innerHTML = '<p @click="save" data-n="0">x</p><p data-n="1">y</p>'"""
        )
        assert await _found(visit, type="attributeValueSelector", attribute="@click", value="save") == ["0"]
        return
    await _mark(visit, attribute, NASTY)
    for n, value in enumerate(NASTY):
        found = await _found(visit, type="attributeValueSelector", attribute=attribute, value=value)
        assert found == [str(n)], value


async def test_ids_match_exactly(visit: Visit) -> None:
    """An id may hold anything; a leading # is dropped, and CSS escapes are understood."""
    await visit.show("")
    ids = [value for value in NASTY if not value.startswith("#") and "\\41" not in value]
    await _mark(visit, "id", ids)
    for n, value in enumerate(ids):
        assert await _found(visit, type="attributeValueSelector", attribute="id", value=value) == [str(n)], value
        assert await _found(visit, type="attributeValueSelector", attribute="ID", value=f"#{value}") == [str(n)], value
    await _mark(visit, "id", [":r1:", "other"])
    assert await _found(visit, type="attributeValueSelector", attribute="id", value="#\\:r1\\:") == ["0"]
    assert await _found(visit, type="attributeValueSelector", attribute="id", value="\\3a r1\\3a ") == ["0"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("btn", ["0", "1"]),
        (".btn", ["0", "1"]),
        ("btn primary", ["0"]),
        ("primary  btn", ["0"]),
        (".btn.primary", ["0"]),
        ("btn.primary", ["0"]),
        ("py-2.5", ["1"]),
        ("md:flex", ["1"]),
        (".md\\:flex", ["1"]),
        ("bt", []),
        ("w-[50%] btn", ["1"]),
    ],
)
async def test_classes_have_their_css_meaning(visit: Visit, value: str, expected: list[str]) -> None:
    """A leading dot is dropped, several classes must all match, and part of a class's name is no match."""
    await visit.show("<p data-n=0 class='btn primary'>x</p><p data-n=1 class='btn py-2.5 md:flex w-[50%]'>x</p>")
    assert await _found(visit, type="attributeValueSelector", attribute="class", value=value) == expected


async def test_href_means_a_link(visit: Visit) -> None:
    """`href` finds links alone, by what their attribute says."""
    await visit.show(
        "<link href='/a?x=1&y=2' data-n=0><a href='/a?x=1&amp;y=2' data-n=1>x</a><a href='/b' data-n=2>x</a>"
    )
    assert await _found(visit, type="attributeValueSelector", attribute="href", value="/a?x=1&y=2") == ["1"]


async def test_equality_keeps_case(visit: Visit) -> None:
    """An attribute's value is compared as written, as the evaluator does."""
    await visit.show("<p data-n=0 title=Save>x</p><p data-n=1 title=save>x</p>")
    assert await _found(visit, type="attributeValueSelector", attribute="title", value="save") == ["1"]


async def test_texts_are_found_in_the_innermost_element(visit: Visit) -> None:
    """A text finds the element that contains it itself, without regard to case unless that is asked for."""
    await visit.show(
        "<div data-n=0><b data-n=1>Log   in</b><i data-n=2>log in</i></div><input type=submit value='Log in' data-n=3>"
    )
    assert await _found(visit, type="tagContainsSelector", value="log in") == ["1", "2", "3"]
    assert await _found(visit, type="tagContainsSelector", value="log in", case_sensitive=True) == ["2"]
    assert await _found(visit, type="tagContainsSelector", value="Log in", case_sensitive=True) == ["1", "3"]


@pytest.mark.parametrize("case_sensitive", [False, True])
async def test_texts_of_any_characters(visit: Visit, case_sensitive: bool) -> None:
    """Quotes, slashes and chains of selectors in a text are text."""
    await visit.show("")
    await visit.page.evaluate(
        """values => document.body.replaceChildren(...values.map((value, n) => {
          const element = document.createElement("p");
          element.dataset.n = n;
          element.textContent = `<${value}>`;
          return element;
        }))""",
        TEXTS,
    )
    for n, value in enumerate(TEXTS):
        found = await _found(visit, type="tagContainsSelector", value=f"<{value}>", case_sensitive=case_sensitive)
        assert found == [str(n)], value


async def test_custom_is_css(visit: Visit) -> None:
    """A custom value is a CSS selector with Playwright's pseudo-classes, in which `>>` may only be quoted."""
    await visit.show("<ul><li data-n=0 title='a >> b'>one<li data-n=1>two</ul><button data-n=2>Save it</button>")
    for css, expected in (
        ("ul > li:nth-child(2)", ["1"]),
        ("li[title='a >> b']", ["0"]),
        ('li[title="a >> b"]', ["0"]),
        ("button:has-text('save')", ["2"]),
        ("li, button", ["0", "1", "2"]),
    ):
        assert await _found(visit, type="attributeValueSelector", attribute="custom", value=css) == expected


@pytest.mark.parametrize(
    "value",
    [
        "text=Save",
        "xpath=//button",
        "//button",
        "ul >> li",
        "ul>>li",
        "internal:control=enter-frame",
        "css=li >> internal:control=enter-frame",
        "li[title='x'] >> text='y'",
        "`>> text=Save`",
        "_react=App",
        "li['",
        "",
        " ",
        "\0",
    ],
)
async def test_custom_is_nothing_but_css(visit: Visit, value: str) -> None:
    """A custom value reaches none of Playwright's other engines: the action fails, in one line."""
    await visit.show("<button>Save</button>")
    result = await visit.act(
        "click", selector={"type": "attributeValueSelector", "attribute": "custom", "value": value}
    )
    assert not result.success
    assert result.error
    assert "\n" not in result.error
    assert len(result.error) <= 300


async def test_xpath(visit: Visit) -> None:
    """An XPath finds elements; one that starts neither with / nor with ( is looked for anywhere."""
    await visit.show("<ul><li data-n=0>one<li data-n=1 title='a >>> b'>two's \"x\"</ul>")
    for path, expected in (
        ("//li[2]", ["1"]),
        ("(//li)[1]", ["0"]),
        ("/html/body/ul/li[1]", ["0"]),
        ("li[1]", ["0"]),
        ("//li[@title='a >>> b']", ["1"]),
        ('//li[contains(., "two\'s")]', ["1"]),
        ("//li[contains(., concat(\"'\", 's'))]", ["1"]),
    ):
        assert await _found(visit, type="xpathSelector", value=path) == expected, path
    for path in ("//ul >> //li", "//li[", "//li >> internal:control=enter-frame"):
        assert not (await visit.act("click", selector={"type": "xpathSelector", "value": path})).success


async def test_the_first_visible_of_several_is_meant(visit: Visit) -> None:
    """Of several matches the first that can be seen is acted on, else the first."""
    await visit.show(
        "<button class=b hidden>0</button><button class=b onclick='document.title=1'>1</button>"
        "<button class=b onclick='document.title=2'>2</button><select id=s hidden><option>a</select>"
    )
    assert (
        await visit.do("click", selector={"type": "attributeValueSelector", "attribute": "class", "value": "b"})
    ).success
    assert await visit.page.title() == "1"
    result = await visit.act("getdropdownoptions", selector={"type": "xpathSelector", "value": "//select"})
    assert result.success
    assert result.value[0]["label"] == "a"


@pytest.mark.parametrize("raw", [{"type": "guess", "value": "x"}, {"type": "xpathSelector"}, 17, {"type": ["a"]}])
async def test_a_selector_that_says_nothing_fails(visit: Visit, raw: Any) -> None:
    """A selector of no known type is a failing action, not an error of ours."""
    await visit.show("")
    with pytest.raises(ActionFailedError, match="can't be understood"):
        locate(visit.page, parse_selector(raw))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.text(min_size=1, max_size=12), attribute=st.sampled_from(["title", "id", "class"]))
async def test_any_value_finds_its_element(visit: Visit, value: str, attribute: str) -> None:
    """Whatever a page's attribute holds, the recorded selector for it finds that element."""
    if visit.page.url == "about:blank":
        await visit.show("")
    value = {"title": value, "id": f"i{value}", "class": f"c{value.replace('.', '')}"}[attribute]
    held = value.replace("\0", "\ufffd")  # as a page's parser does
    await _mark(visit, attribute, [held, f"other {held}"])
    found = await _found(visit, type="attributeValueSelector", attribute=attribute, value=value)
    assert found == (["0", "1"] if attribute == "class" else ["0"])
