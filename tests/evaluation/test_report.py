"""Promises of the report's files."""

import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
from markdown_it import MarkdownIt

from score_model.evaluation import (
    FILES,
    About,
    EvaluateSettings,
    EvaluationReport,
    SourceFile,
    about_files,
    evaluate,
    write_report,
)
from score_model.evaluation._report.blocks import TITLE, report_blocks
from score_model.evaluation._report.html import page
from score_model.evaluation._report.markdown import markdown
from tests.evaluation.factories import report, rows_and_keys
from tests.model.factories import trained_model

HOSTILE = "<script>alert('x')</script>|$\\frac{ [a](javascript:b) `c`\x1b[31m\n# title 電影"

_DRAWN = 6
"""So many names are drawn into a chart as well, which takes its time."""

NAMES = (
    "</script><script>alert(1)</script>",
    "</td></tr></table></text></svg><img src=x onerror=alert(1)>",
    "<!-- ]]> --><![CDATA[",
    "\"' onload='alert(1)' x=\"",
    "$\\frac{1}{",
    "\u202egnp.exe\u202c \u2066x\u2069 \u200f\u200e\u200b\ufeff",
    "&lt;b&gt; &#60;script&#62; &amp;",
    "a|b || \\| \\\\| |",
    "```\n<b>\n``` ~~~ `x` ``",
    "one\n\n# two\r\n| --- |\r- three\x0bfour\x85five\u2028six",
    "[x](javascript:alert(1)) ![y](http://evil.example/p.png) <http://evil.example>",
    "[a]: http://evil.example www.evil.example someone@evil.example //evil.example",
    "*a* _b_ __c__ ~~d~~ $e$ $$f$$ \\(g\\) #1 :tada: {{ site }} {% raw %}",
    "\x00\x07\x08\x1b]8;;http://evil.example\x07click",
    "\ud7ff\ufffe\uffff\U000e0041 e" + "\u0301" * 50,
    " ",
    "",
    "x" * 10_000,
    "<" * 10_000,
)


class _Reader(HTMLParser):
    """Collects the tags and attributes of a page and its words; `order` has those that are not of a chart."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.order: list[str] = []
        self._drawing = 0
        self.attributes: list[tuple[str, str]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._drawing += tag == "svg"
        if not self._drawing:
            self.order.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if not self._drawing:
            self.order.append(f"/{tag}")
        self._drawing -= tag == "svg"

    def handle_data(self, data: str) -> None:
        self.words += data


def _named(*names: str) -> EvaluationReport:
    """The report of data whose websites, use cases and validators have these names, a row of each table for each."""
    found = report()
    head = found.heads["actions"]
    split = head.splits["out_of_fold"]
    large, small = split.websites[0], msgspec.structs.replace(split.websites[0], metrics=None)
    sites = tuple(msgspec.structs.replace(large, website=name) for name in names[:_DRAWN])
    sites += tuple(msgspec.structs.replace(small, website=name) for name in names)
    cases = tuple(msgspec.structs.replace(split.use_cases[0], website=name, use_case=name) for name in names)
    splits = dict(head.splits)
    splits["out_of_fold"] = msgspec.structs.replace(split, websites=sites, use_cases=cases)
    for held_out in ("websites", "validators"):
        part = head.splits[held_out].parts[0]
        parts = tuple(msgspec.structs.replace(part, name=name) for name in names)
        splits[held_out] = msgspec.structs.replace(head.splits[held_out], parts=parts)
    return msgspec.structs.replace(found, heads={"actions": msgspec.structs.replace(head, splits=splits)})


def _hostile() -> EvaluationReport:
    return _named(HOSTILE, HOSTILE)


def _card_of(*names: str) -> list[tuple[str, str, int]]:
    """What a reader of Markdown sees: kinds of parts but for mere text, in their order."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return [
        (token.type, token.tag, token.nesting)
        for block in reader.parse(markdown(report_blocks(_named(*names))))
        for token in (block, *(inside for inside in block.children or () if inside.type != "text"))
    ]


def test_no_name_changes_the_page() -> None:
    """Whatever websites, use cases and validators are called, the page has the tags that it has with plain names, in
    their order, and no character that hides, turns round or ends anything."""
    text = page(TITLE, report_blocks(_named(*NAMES)))
    found, plain = _Reader(), _Reader()
    found.feed(text)
    plain.feed(page(TITLE, report_blocks(_named(*["films"] * len(NAMES)))))
    assert found.order == plain.order
    assert found.tags == plain.tags
    assert {name for name, _ in found.attributes} == {name for name, _ in plain.attributes}
    assert "<!--" not in text
    assert all(character.isprintable() or character == "\n" for character in text)
    assert "</script><script>alert(1)</script>" in found.words


def test_no_name_changes_the_card() -> None:
    """In Markdown too: the same headings, rows and cells, and no link, picture, code, emphasis or HTML of a name's; nor
    a bare address, of which some readers make a link."""
    plain = _card_of(*["films"] * len(NAMES))
    assert [part for part in _card_of(*NAMES) if part[0] != "text_special"] == plain
    text = markdown(report_blocks(_named(*NAMES)))
    assert not re.search(r"://|www\.|@|<", text)
    assert all(character.isprintable() or character == "\n" for character in text)


def test_long_names_are_cut() -> None:
    """A name of 10,000 characters takes no more than a few lines of a table."""
    text = markdown(report_blocks(_named("x" * 10_000)))
    assert max(map(len, re.findall("x+", text))) == 199


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    """Three files, equal to the last byte when written again; the numbers read back as they were."""
    write_report(tmp_path / "a", report())
    write_report(tmp_path / "b", report())
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == sorted(FILES)
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    again = msgspec.json.decode((tmp_path / "a/metrics.json").read_bytes(), type=EvaluationReport)
    assert again == report()


def test_a_seeded_evaluation_gives_the_same_bytes(tmp_path: Path) -> None:
    """Measured twice with one seed, stress splits too, metrics.json is the same to the last byte; with another not."""
    rows, keys = rows_and_keys()
    quick = EvaluateSettings(resamples=20, folds=2, repeats=1, seed=3)
    for name, settings in (("a", quick), ("b", quick), ("c", msgspec.structs.replace(quick, seed=4, stress=False))):
        write_report(tmp_path / name, evaluate(trained_model(), rows, keys, settings))
    first, second, other = ((tmp_path / name / "metrics.json").read_bytes() for name in "abc")
    assert first == second
    assert first != other


def test_missing_baselines_leave_gaps(tmp_path: Path) -> None:
    """Where the baselines that learn are missing, every file is written without them."""
    found = report()
    head = found.heads["actions"]
    kept = ("model", "majority", "empty_answer")
    splits = {}
    for name, split in head.splits.items():
        tables = {
            each: msgspec.structs.replace(
                table,
                contestants={who: table.contestants[who] for who in kept},
                differences={who: table.differences[who] for who in kept[1:]},
            )
            for each, table in split.tables.items()
        }
        sites = tuple(
            msgspec.structs.replace(cell, metrics=cell.metrics and {who: cell.metrics[who] for who in kept})
            for cell in split.websites
        )
        splits[name] = msgspec.structs.replace(split, tables=tables, websites=sites, use_cases=())
    write_report(
        tmp_path, msgspec.structs.replace(found, heads={"actions": msgspec.structs.replace(head, splits=splits)})
    )
    card = (tmp_path / "report.md").read_text()
    assert "| empty answer |" in card
    assert "| text only |" not in card


def test_it_says_what_it_is_about(tmp_path: Path) -> None:
    """metrics.json, card and page name the model's config.json and each dataset, with the SHA-256 of their bytes and
    without their folders, as they were written; a hostile name stays text."""
    model, dataset = tmp_path / "model", tmp_path / "a|b<i>.jsonl"
    model.mkdir()
    (model / "config.json").write_bytes(b"{}")
    dataset.write_bytes(b"abc")
    about = about_files(model, [dataset])
    config = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    rows = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert about == About(
        model=SourceFile(name="config.json", sha256=config), datasets=(SourceFile(name="a|b<i>.jsonl", sha256=rows),)
    )
    write_report(tmp_path / "out", msgspec.structs.replace(report(), about=about))
    written = msgspec.json.decode((tmp_path / "out/metrics.json").read_bytes())
    assert msgspec.convert(written["about"], About) == about
    card, page_text = (tmp_path / "out/report.md").read_text(), (tmp_path / "out/report.html").read_text()
    assert f"| a dataset | a\\|b&lt;i&gt;.jsonl | {rows} |" in card
    assert f"<td>a|b&lt;i&gt;.jsonl</td><td>{rows}</td>" in page_text
    assert config in card
    assert config in page_text
    assert str(tmp_path) not in card + page_text


def test_the_page_runs_nothing_and_loads_nothing(tmp_path: Path) -> None:
    """Whatever websites are called, the page holds only our own markup: no script, no handler, no address."""
    write_report(tmp_path, _hostile())
    text = (tmp_path / "report.html").read_text()
    page = _Reader()
    page.feed(text)
    assert not page.tags & {"script", "a", "img", "iframe", "object", "link", "form", "base"}
    assert not [name for name, _ in page.attributes if name.startswith("on") or name in ("src", "href", "action")]
    assert all(value.startswith("#") for name, value in page.attributes if name == "xlink:href")
    assert "default-src 'none'" in text
    assert "<script>alert('x')</script>|$\\frac{ [a](javascript:b) `c`�[31m�# title 電影" in page.words
    assert "\x1b" not in text
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_the_card_holds_no_markup_from_outside(tmp_path: Path) -> None:
    """Names stay text in Markdown: no tag, no link, no code, no cell of their own."""
    write_report(tmp_path, _hostile())
    text = (tmp_path / "report.md").read_text()
    assert "<" not in text
    assert "\\[a\\]" in text
    assert "[a](" not in text
    width = 0
    for line in text.splitlines():
        cells = line.replace("\\|", "").count("|")
        if line.startswith("| ") and width:
            assert cells == width
        width = cells if line.startswith("| ") else 0


def test_the_first_thing_to_read_is_the_finding(tmp_path: Path) -> None:
    """Below the title, card and page open with the first sentence of the findings."""
    write_report(tmp_path, report())
    first = report().heads["actions"].sentences[0]
    lines = (tmp_path / "report.md").read_text().splitlines()
    assert lines[0].startswith("# ")
    assert lines[2] == f"**{first}**"
    page = _Reader()
    page.feed((tmp_path / "report.html").read_text().partition("</h1>")[2])
    assert page.words.strip().startswith(first)
