"""Promises of the package as a whole: its public names, its weight at import, its commands."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import score_model
from score_model.cli.main import build_app
from tests.cli.commands import environment

ROOT = Path(__file__).parent.parent
FAMILIES = {
    "dataset": ("build", "audit", "relabel"),
    "tasks": ("list", "get", "create", "claim", "submit", "solutions", "solution", "watch"),
    "arena": ("serve", "seed", "import", "token", "evaluate"),
}


def test_the_public_names() -> None:
    """These names are the package's promise; adding one is a decision."""
    assert sorted(score_model.__all__) == ["Scorer", "load_samples", "load_trace"]
    assert all(hasattr(score_model, name) for name in score_model.__all__)


def modules_after(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after a statement."""
    code = f"import sys\n{statement}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment())
    return set(ran.stdout.split())


def test_importing_does_nothing_heavy() -> None:
    """`import score_model` loads no library; the command line loads client, arena and Parquet only when called."""
    assert not modules_after("import score_model") & {"msgspec", "aiohttp", "pyarrow", "litestar", "cyclopts", "rich"}
    started = modules_after("import score_model.cli.main as m; m.build_app()")
    assert not started & {"aiohttp", "pyarrow", "litestar", "sqlalchemy", "stamina"}
    assert not modules_after("import score_model.dataset") & {"aiohttp", "pyarrow", "numpy", "litestar"}


def imports_past_a_door(folder: Path, room_of: Callable[[Path], tuple[str, ...]]) -> Iterator[str]:
    """Imports of a module that is private to a room, by files that are not in that room."""
    for path in sorted(folder.rglob("*.py")):
        here = room_of(path.relative_to(folder))
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("score_model."):
                continue
            parts = str(node.module).split(".")
            private = next((place for place, part in enumerate(parts) if part.startswith("_")), None)
            if private is not None and here[:private] != tuple(parts[:private]):
                yield f"{path}: {node.module}"


def test_rooms_are_entered_by_their_doors() -> None:
    """A module or folder whose name begins with an underscore is its room's own, and its tests'."""
    assert list(imports_past_a_door(ROOT / "src", lambda path: path.parts[:-1])) == []
    assert list(imports_past_a_door(ROOT / "tests", lambda path: ("score_model", *path.parts[:-1]))) == []


def test_every_command_teaches() -> None:
    """Each command's help has a sentence and an example, and README or docs name the command."""
    documented = "".join(path.read_text() for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
    nested = [[family, name] for family, names in FAMILIES.items() for name in names]
    for words in (
        ["mirror"],
        ["replay"],
        ["features"],
        ["train"],
        ["evaluate"],
        ["score"],
        ["rank"],
        ["demo"],
        ["doctor"],
        *nested,
    ):
        command = [sys.executable, "-m", "score_model", *words, "--help"]
        ran = subprocess.run(command, capture_output=True, text=True, check=True, env=environment(COLUMNS="100"))
        assert f"score-model {' '.join(words)}" in ran.stdout, words
        assert "--" in ran.stdout, words
        assert f"score-model {' '.join(words)}" in documented, words


def test_no_command_is_undocumented() -> None:
    """A command that the test above does not know is one that nobody documented."""
    commands = {name for name in build_app() if not name.startswith("-")}
    assert commands == {
        "mirror",
        "dataset",
        "replay",
        "features",
        "train",
        "evaluate",
        "score",
        "rank",
        "tasks",
        "arena",
        "demo",
        "doctor",
    }
    for family, names in FAMILIES.items():
        assert {name for name in build_app()[family] if not name.startswith("-")} == set(names)
