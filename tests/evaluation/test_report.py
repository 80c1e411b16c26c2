"""Promises of the report's files."""

from html.parser import HTMLParser
from pathlib import Path

import msgspec

from score_model.evaluation import FILES, EvaluationReport, write_report
from tests.evaluation.making import report

HOSTILE = "<script>alert('x')</script>|$\\frac{ [a](javascript:b) `c`\x1b[31m\n# title 電影"


class _Reader(HTMLParser):
    """Collects the tags and attributes of a page, and its words."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data


def _hostile() -> EvaluationReport:
    found = report()
    head = found.heads["actions"]
    split = head.splits["out_of_fold"]
    named = tuple(msgspec.structs.replace(cell, website=HOSTILE) for cell in split.websites)
    cases = tuple(msgspec.structs.replace(cell, use_case=HOSTILE) for cell in split.use_cases)
    parts = tuple(msgspec.structs.replace(part, name=HOSTILE) for part in head.splits["websites"].parts)
    splits = head.splits | {
        "out_of_fold": msgspec.structs.replace(split, websites=named, use_cases=cases),
        "websites": msgspec.structs.replace(head.splits["websites"], parts=parts),
    }
    return msgspec.structs.replace(found, heads={"actions": msgspec.structs.replace(head, splits=splits)})


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    """Three files, equal to the last byte when written again; the numbers read back as they were."""
    write_report(tmp_path / "a", report())
    write_report(tmp_path / "b", report())
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == sorted(FILES)
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    again = msgspec.json.decode((tmp_path / "a/metrics.json").read_bytes(), type=EvaluationReport)
    assert again == report()


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
