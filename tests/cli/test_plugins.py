"""Plug-ins as users meet them: the distribution of docs/extending.md, installed, listed, used, and broken."""

import asyncio
import json
import os
import re
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web

from score_model.traces import iter_traces, load_trace
from tests.cli.commands import Ran, run
from tests.plugins import documented_module, install_distribution, mark_import
from tests.replay.drivers import by_id
from tests.replay.factories import navigate, sample
from tests.replay.fake_services import LocalSite, local_site

ROOT = Path(__file__).parent.parent.parent
GUIDE = (ROOT / "docs" / "extending.md").read_text()
KEPT = ("SCORE_MODEL_BROWSER", "PLAYWRIGHT_BROWSERS_PATH")
VARIABLES = {name: os.environ[name] for name in KEPT if name in os.environ}
RECORDED = "http://localhost:9017"
TEA = {"type": "CheckEventTest", "event_name": "BUY", "event_criteria": {"item": "tea"}}


def _section(heading: str) -> str:
    return GUIDE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def _blocks(heading: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", _section(heading), flags=re.DOTALL)


def _install_the_guide_s(folder: Path) -> Path:
    """The distribution of the guide; each of its modules leaves a mark beside it when it is imported."""
    (project,) = (tomllib.loads(text)["project"] for text in _blocks("Plug-ins", "toml"))
    modules = {f"{name}.py": mark_import(name, text) for name, text in _guide_modules().items()}
    plugins = folder / "plugins"
    points = project["entry-points"]["score_model"]
    install_distribution(plugins, project["name"], project["version"], modules, points)
    return plugins


def _guide_modules() -> dict[str, str]:
    return {name: documented_module("extending.md", f"{name}.py") for name in ("shop_events", "shop_site")}


def _imported(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.imported")}


async def _run(*arguments: str, cwd: Path, plugins: Path, **variables: str) -> Ran:
    """Runs a command with the plug-ins of a folder installed."""
    path = os.pathsep.join((str(ROOT / "src"), str(plugins)))
    return await run(*arguments, cwd=cwd, PYTHONPATH=path, **VARIABLES, **variables)


def _needs_browser(ran: Ran) -> None:
    if "no browser found" in ran.stderr:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(ran.stderr)


def _write_rows(folder: Path, *solutions: str) -> None:
    """A dataset of solutions that buy tea."""
    rows = [
        sample(
            website="shop",
            use_case="BUY",
            intent="Buy tea",
            start_url=f"{RECORDED}/",
            tests=[TEA],
            solution_id=solution,
            actions=[navigate(f"{RECORDED}/"), {"type": "click", "attributes": {"selector": by_id("tea")}}],
            passed=True,
        )
        for solution in solutions
    ]
    (folder / "shop.jsonl").write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))


@asynccontextmanager
async def _tea_shop(log: Path) -> AsyncIterator[LocalSite]:
    """A shop that writes what is bought into a file, as the guide's event source reads it."""

    async def buy(request: web.Request) -> web.Response:
        event = {"event_name": "BUY", "data": {"item": "tea"}, "web_agent_id": request.headers["X-WebAgent-Id"]}
        with log.open("a") as file:
            file.write(json.dumps(event) + "\n")
        return web.Response(text="<h1>Thank you</h1>", content_type="text/html")

    async with local_site() as site:
        site.add("/", "<h1>Shop</h1><a id=tea href=/buy/tea>Buy tea</a>")
        site.add("/buy/tea", buy)
        yield site


async def test_the_guide_s_plug_in_replays_on_its_website(tmp_path: Path) -> None:
    """A package of one's own brings a website and where its events are read; a flag or a table is all that names it."""
    plugins, log = _install_the_guide_s(tmp_path), tmp_path / "shop.log"
    _write_rows(tmp_path, "s1")
    async with _tea_shop(log) as site:
        (command,) = _blocks("A website for replay", "bash")
        words = command.replace("--site shop", f"--site shop={site.url}").split()[1:]
        ran = await _run(*words, "--json", cwd=tmp_path, plugins=plugins, SHOP_LOG=str(log))
        _needs_browser(ran)
        assert ran.code == 0, ran.stderr
        assert json.loads(ran.stdout)["agreement"]["total"]["agree"] == 1
        assert _imported(plugins) == {"shop_events", "shop_site"}
        (path,) = iter_traces(tmp_path / "data/score_model_pipeline/raw_traces/shop")
        trace = load_trace(path)
        assert path.parent.parent.name == "shop"
        assert trace.footer is not None
        assert [row["data"] for row in trace.footer.backend_events or ()] == [{"item": "tea"}]
        assert trace.footer.verdict is not None
        assert trace.footer.verdict.passed

        (table,) = _blocks("An event source", "toml")
        (tmp_path / "score_model.toml").write_text(table + f'url = "{site.url}"\n')
        (plugins / "shop_site.imported").unlink()
        (plugins / "shop_site.py").write_text("")  # the table is of a website that is nobody else's
        (plugins / "score_model_shop-1.0.dist-info/entry_points.txt").write_text(
            "[score_model]\nevent_source.shoplog = shop_events:ShopLog\n"
        )
        words = ["replay", "--dataset", "shop.jsonl", "--output-dir", "again", "--json"]
        ran = await _run(*words, cwd=tmp_path, plugins=plugins, SHOP_LOG=str(log))
        assert ran.code == 0, ran.stderr
        assert json.loads(ran.stdout)["agreement"]["total"]["agree"] == 1
        assert _imported(plugins) == {"shop_events"}


async def test_nothing_else_imports_a_plug_in(tmp_path: Path) -> None:
    """Help, a list of what would be done, and doctor, which names it with its distribution and version, do not."""
    plugins = _install_the_guide_s(tmp_path)
    _write_rows(tmp_path, "s1")
    (tmp_path / "score_model.toml").write_text('[replay.sites.store]\nport = 9017\nevent_service = "shoplog"\n')
    for words in (["--help"], ["replay", "--help"], ["replay", "--dataset", "shop.jsonl", "--dry-run"]):
        ran = await _run(*words, cwd=tmp_path, plugins=plugins)
        assert ran.code == 0, ran.stderr
    ran = await _run("doctor", "--json", cwd=tmp_path, plugins=plugins)
    assert ran.code == 0, ran.stderr
    assert "plug-in event_source.shoplog: score-model-shop 1.0" in ran.stderr
    listed = [plugin for plugin in json.loads(ran.stdout)["plugins"] if plugin["distribution"] == "score-model-shop"]
    shop = {"distribution": "score-model-shop", "version": "1.0"}
    assert listed == [{"kind": "event_source", "name": "shoplog", **shop}, {"kind": "website", "name": "shop", **shop}]
    assert _imported(plugins) == set()


BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("raise OSError('half\\ninstalled')", {}, "the website 'shop' of score-model-shop can't be loaded: OSError: half"),
    ("SHOP = 5", {}, "the website 'shop' of a plug-in is no Site but int"),
    ("", {"event_source.shoplog": "nowhere:ShopLog"}, "the event source 'shoplog' of score-model-shop can't be loaded"),
    ("", {"event_source.shoplog": "shop_site:SHOP"}, "the event source 'shoplog' can't be made: TypeError"),
    ("", {"event_source.other": "shop_events:ShopLog"}, "event_service must be one of central, site, none, other"),
]


@pytest.mark.parametrize(("website", "points", "says"), BROKEN)
async def test_a_broken_plug_in_is_one_line(tmp_path: Path, website: str, points: dict[str, str], says: str) -> None:
    """Exit code 2 and a line that names it, before any browser starts; nothing is written."""
    plugins, guide = tmp_path / "plugins", _guide_modules()
    install_distribution(
        plugins,
        "score-model-shop",
        "1.0",
        {"shop_site.py": website or guide["shop_site"], "shop_events.py": guide["shop_events"]},
        {"website.shop": "shop_site:SHOP", **(points or {"event_source.shoplog": "shop_events:ShopLog"})},
    )
    _write_rows(tmp_path, "s1")
    ran = await _run("replay", "--dataset", "shop.jsonl", "--site", "shop", cwd=tmp_path, plugins=plugins)
    assert ran.code == 2, ran.stderr
    assert says in ran.last_line
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "data").exists()


async def test_a_plug_in_that_two_distributions_have_is_one_line(tmp_path: Path) -> None:
    """Which of them is meant nobody can say: the line names both."""
    plugins = _install_the_guide_s(tmp_path)
    install_distribution(plugins, "another-shop", "1.0", {}, {"website.shop": "shop_site:SHOP"})
    _write_rows(tmp_path, "s1")
    ran = await _run("replay", "--dataset", "shop.jsonl", "--site", "shop", cwd=tmp_path, plugins=plugins)
    assert ran.code == 2
    assert "in more than one distribution: another-shop, score-model-shop" in ran.last_line
    assert _imported(plugins) == set()


SOMETIMES = """
from score_model.replay import RecordedEvents

class Source:
    async def __aenter__(self): return self
    async def __aexit__(self, *_): return None
    async def reset(self, site, identity): {reset}
    async def events(self, site, identity): return RecordedEvents()
"""


@pytest.mark.parametrize(
    ("reset", "code", "recorded"),
    [
        ("raise KeyError('odd')", 1, 2),  # the two solutions, each tried twice
        ("raise ConnectionError('down')", 4, 0),
    ],
)
async def test_a_source_that_fails_ends_no_run_by_a_traceback(
    tmp_path: Path, reset: str, code: int, recorded: int
) -> None:
    """One that fails for solutions leaves them in failed.ndjson; one that fails for all is a service that is down."""
    source = SOMETIMES.format(reset=reset)
    if code == 4:
        source = source.replace("return RecordedEvents()", reset)
    points = {"event_source.shoplog": "shop_events:Source", "website.shop": "shop_site:SHOP"}
    plugins, modules = tmp_path / "plugins", {"shop_events.py": source, "shop_site.py": _guide_modules()["shop_site"]}
    install_distribution(plugins, "shop", "1.0", modules, points)
    _write_rows(tmp_path, "s1", "s2")
    async with _tea_shop(tmp_path / "shop.log") as site:
        words = ("replay", "--dataset", "shop.jsonl", "--site", f"shop={site.url}")
        ran = await _run(*words, cwd=tmp_path, plugins=plugins)
    _needs_browser(ran)
    assert ran.code == code, ran.stderr
    assert "Traceback" not in ran.stderr
    failed = tmp_path / "data/score_model_pipeline/raw_traces/shop/failed.ndjson"
    lines = await asyncio.to_thread(failed.read_text) if failed.exists() else ""
    assert lines.count("the event source 'shoplog' does not reset shop (KeyError: 'odd')") == recorded
    if code == 4:
        assert "the event source 'shoplog'" in ran.last_line
        assert "to go on: score-model replay" in ran.last_line
