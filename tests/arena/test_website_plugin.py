"""The promise that a website of another distribution joins the arena: served, with its tasks, agents and verdicts."""

import json
from pathlib import Path

import pytest

from score_model.arena import open_engine
from tests.arena.evaluators import disagreements, found
from tests.arena.processes import get, serving
from tests.cli.commands import Ran, run
from tests.cli.test_arena_evaluate import VARIABLES
from tests.plugins import documented_module, install_plugin

BROKEN = "raise RuntimeError('torn\\napart')"


@pytest.fixture
def plugins(tmp_path: Path) -> Path:
    """A folder with the documented website installed in it."""
    source = documented_module("extending.md", "autonotes.py")
    install_plugin(tmp_path / "plugins", "autonotes", source, {"arena_website.autonotes": "autonotes:AUTONOTES"})
    return tmp_path / "plugins"


async def arena(folder: Path, plugins: Path, *words: str) -> Ran:
    database = folder / "notes.sqlite"
    return await run("arena", *words, "--database", str(database), cwd=folder, PYTHONPATH=str(plugins), **VARIABLES)


async def test_its_tasks_are_answered_and_evaluated(tmp_path: Path, plugins: Path) -> None:
    """Every scripted answer on it gets the verdict that its agent expects, from a real browser."""
    made = await arena(tmp_path, plugins, "seed", "--tasks", "2", "--website", "autonotes", "--json")
    assert made.code == 0, made.stderr
    assert json.loads(made.stdout)["tasks_by_use_case"] == {"NOTE_ADDED": 2}
    evaluated = await arena(tmp_path, plugins, "evaluate", "--website", "autonotes")
    assert evaluated.code == 0, evaluated.stderr
    database = tmp_path / "notes.sqlite"
    assert list(disagreements(database)) == []
    engine = open_engine(database)
    statuses = {row.status for row in found(engine).values()}
    engine.dispose()
    assert statuses == {"passed", "failed"}


def test_it_is_served_beside_the_others(tmp_path: Path, plugins: Path) -> None:
    """`arena serve --website` answers at an address of its own."""
    flags = ("--website", "autonotes", "--database", tmp_path / "notes.sqlite")
    with serving(*flags, PYTHONPATH=str(plugins)) as (_, urls):
        assert set(urls["site_urls"]) == {"autobooks", "autocinema", "autonotes"}
        assert get(urls["site_urls"]["autonotes"] + "/events/list/") == []


async def test_it_is_imported_only_when_asked_for(tmp_path: Path, plugins: Path) -> None:
    """Neither help nor work on other websites imports a plug-in."""
    for words in (("seed", "--help"), ("seed", "--tasks", "1")):
        assert (await arena(tmp_path, plugins, *words)).code == 0
    assert not list(plugins.glob("*.imported"))


_SAID = {
    "arena_website.other = autonotes:NOTES": "there is no arena website 'shop': one of autobooks, autocinema, other",
    "arena_website.shop = broken:SHOP": "the arena website 'shop' of broken can't be loaded: RuntimeError: torn apart",
    "arena_website.shop = json:loads": "the arena website 'shop' is no SiteSpec of that name",
}


@pytest.mark.parametrize(("point", "said"), _SAID.items())
async def test_a_broken_one_costs_one_line(tmp_path: Path, point: str, said: str) -> None:
    """What can't be found, imported or used is one line that says so, and exit 2."""
    name, _, target = point.partition(" = ")
    install_plugin(tmp_path / "plugins", "broken", BROKEN, {name: target})
    for words in (("seed", "--tasks", "1"), ("serve", "--port", "0")):
        ran = await arena(tmp_path, tmp_path / "plugins", *words, "--website", "shop")
        assert (ran.code, ran.stderr.strip().splitlines()[-1]) == (2, f"score-model: {said}")
        assert "Traceback" not in ran.stderr
