"""Promises about optional parts: a command that lacks one says in one line which, and all others work without it."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import msgspec
import pytest

from score_model.arena import seed_entries
from score_model.cli.main import build_app
from score_model.errors import MissingExtraError
from score_model.extras import distributions_of_extras, missing_extra, require_extra
from tests.cli.commands import environment
from tests.model.factories import dataset_of, make_samples

_DOCUMENTED = "autoppia_iwa.src.rl.score_model.cli"
_EXTRAS = ("arena", "data", "gym", "replay", "score", "torch", "train")
_MODULES = {"scikit-learn": "sklearn"}

_HIDING = """
import runpy, sys
hidden, sys.argv = sys.argv[1].split(","), sys.argv[2:]
sys.modules.update(dict.fromkeys(hidden))
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""

# A command, its exit code without any extra, and the extra that it names then.
_WITHOUT_EXTRAS = [
    ("mirror --base-url {url}", 3, None),
    ("dataset build {raw}", 0, None),
    ("dataset build {raw} --output-prefix p --no-parquet", 0, None),
    ("dataset audit {dataset}", 0, None),
    ("dataset audit {parquet}", 2, "data"),
    ("dataset relabel {dataset} --traces-dir {traces}", 2, "replay"),
    ("replay --dataset {dataset} --dry-run", 2, "replay"),
    ("features --dataset {dataset}", 2, "train"),
    ("train --dataset {dataset}", 2, "train"),
    ("train --dataset {dataset} --model network", 2, "train"),
    ("evaluate --dataset {dataset} --model {model}", 2, "train"),
    ("score {dataset} --model {model}", 2, "score"),
    ("rank {dataset} --model {model}", 2, "score"),
    ("tasks list --base-url {url}", 3, None),
    ("tasks get t --base-url {url}", 3, None),
    ("tasks create --title t --base-url {url}", 3, None),
    ("tasks claim t --agent-id a --base-url {url}", 3, None),
    ("tasks submit t --agent-id a --answer 1 --base-url {url}", 3, None),
    ("tasks solutions t --base-url {url}", 3, None),
    ("tasks solution s --base-url {url}", 3, None),
    ("tasks watch s --base-url {url}", 3, None),
    ("arena serve --port 0", 2, "arena"),
    ("arena serve --port 0 --evaluate", 2, "arena"),
    ("arena serve --port 0 --model {model}", 2, "arena"),
    ("arena seed --rows 5", 2, "arena"),
    ("arena seed --tasks 1", 2, "arena"),
    ("arena import {entries}", 2, "arena"),
    ("arena token me", 2, "arena"),
    ("arena token --list", 2, "arena"),
    ("arena evaluate", 2, "arena"),
    ("demo", 2, "arena"),
    ("doctor", 0, None),
]

# An extra, a command, its exit code with that extra alone, and the further extra that it names.
_WITH_ONE_EXTRA = [
    ("data", "dataset build {raw}", 0, None),
    ("data", "features --dataset {dataset}", 0, None),
    ("data", "train --dataset {dataset}", 2, "train"),
    ("replay", "replay --dataset {dataset} --dry-run", 0, None),
    ("replay", "features --dataset {dataset}", 2, "train"),
    ("score", "train --dataset {dataset}", 2, "train"),
    ("score", "evaluate --dataset {dataset} --model {model}", 2, "train"),
    ("train", "features --dataset {dataset}", 0, None),
    ("train", "replay --dataset {dataset} --dry-run", 2, "replay"),
    ("train", "train --dataset {dataset} --model network", 2, "torch"),
    ("arena", "arena seed --rows 5 --tasks 1", 0, None),
    ("arena", "arena import {entries}", 0, None),
    ("arena", "arena serve --port 0 --evaluate", 2, "replay"),
    ("arena", "arena serve --port 0 --model {model}", 2, "score"),
    ("arena", "arena evaluate --database {arena}", 2, "replay"),
]


class _NothingHere(BaseHTTPRequestHandler):
    """Answers 404 to everything."""

    def do_GET(self) -> None:
        self.send_error(404)

    do_POST = do_GET  # noqa: N815 - http.server looks for this name

    def log_message(self, format: str, *values: object) -> None:  # noqa: A002 - http.server's own name
        pass


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, object]]:
    """What the commands name: files of each kind, and a server that has nothing."""
    folder = tmp_path_factory.mktemp("given")
    entries = list(seed_entries(40, 3))
    (folder / "entries.jsonl").write_bytes(b"\n".join(entries) + b"\n")
    with (folder / "raw.jsonl").open("wb") as raw:
        for entry in entries:
            row = {"entry": msgspec.Raw(entry), "filters": {}, "page": 1, "fetched_at": "2025-11-12T00:00:00Z"}
            raw.write(msgspec.json.encode(row) + b"\n")
    (folder / "dataset.parquet").write_bytes(b"PAR1")
    (folder / "traces" / "site" / "task").mkdir(parents=True)
    (folder / "traces" / "site" / "task" / "solution.jsonl.zst").write_bytes(b"compressed")
    (folder / "arena.sqlite").touch()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _NothingHere)
    Thread(target=server.serve_forever, daemon=True).start()
    yield {
        "raw": folder / "raw.jsonl",
        "entries": folder / "entries.jsonl",
        "dataset": dataset_of(folder / "dataset.jsonl", make_samples(8)),
        "parquet": folder / "dataset.parquet",
        "traces": folder / "traces",
        "model": folder / "model",
        "arena": folder / "arena.sqlite",
        "url": f"http://127.0.0.1:{server.server_port}/api",
    }
    server.shutdown()
    server.server_close()


def _modules_of(*extras: str) -> set[str]:
    table = distributions_of_extras()
    return {_MODULES.get(name, name.lower().replace("-", "_")) for extra in extras for name in table[extra]}


def _run(words: list[str], cwd: Path, *, with_extra: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run `python -m <words>` where no extra, or one alone, is installed."""
    hidden = _modules_of(*_EXTRAS) - (_modules_of(with_extra) if with_extra else set())
    command = [sys.executable, "-c", _HIDING, ",".join(sorted(hidden)), *words]
    return subprocess.run(command, cwd=cwd, env=environment(), capture_output=True, text=True, check=False)


def _check(ran: subprocess.CompletedProcess[str], code: int, extra: str | None) -> None:
    assert "Traceback" not in ran.stderr, ran.stderr
    assert ran.returncode == code, ran.stderr
    if extra is not None:
        (line,) = ran.stderr.splitlines()
        assert line.startswith("score-model: ")
        assert line.endswith(f" needs the extra '{extra}': pip install 'score-model[{extra}]'")


@pytest.mark.parametrize(("command", "code", "extra"), _WITHOUT_EXTRAS)
def test_the_core_alone(given: dict[str, object], tmp_path: Path, command: str, code: int, extra: str | None) -> None:
    """Without any extra each command works, or ends with exit code 2 and one line that names what to install."""
    _check(_run(["score_model", *command.format(**given).split()], tmp_path), code, extra)


@pytest.mark.parametrize(("installed", "command", "code", "extra"), _WITH_ONE_EXTRA)
def test_one_extra_alone(
    given: dict[str, object], tmp_path: Path, installed: str, command: str, code: int, extra: str | None
) -> None:
    """An extra brings all that its commands need; a command that needs another one names it."""
    words = ["score_model", *command.format(**given).split()]
    _check(_run(words, tmp_path, with_extra=installed), code, extra)


@pytest.mark.parametrize(
    ("module", "code", "extra"),
    [
        ("build_score_model_training_dataset --base-url {url}", 3, None),
        ("replay_leaderboard_solutions --dataset {dataset} --dry-run", 2, "replay"),
        ("build_dom_event_features --dataset {dataset}", 2, "train"),
        ("train_reward_model --dataset {dataset}", 2, "train"),
        ("evaluate_reward_model --dataset {dataset} --model {model}", 2, "train"),
    ],
)
def test_the_documented_modules_name_it_too(
    given: dict[str, object], tmp_path: Path, module: str, code: int, extra: str | None
) -> None:
    """`python -m autoppia_iwa.…` without extras: the same line, the same exit code."""
    _check(_run(f"{_DOCUMENTED}.{module}".format(**given).split(), tmp_path), code, extra)


def _commands() -> list[list[str]]:
    app = build_app()
    found: list[list[str]] = []
    for name in app:
        if not name.startswith("-"):
            nested = [inner for inner in app[name] if not inner.startswith("-")]
            found += [[name, inner] for inner in nested] or [[name]]
    return found


def test_no_command_is_left_out() -> None:
    """The table above knows every command; a new one has to say which extra it needs."""
    known = [command.split() for command, _, _ in _WITHOUT_EXTRAS]
    assert [words for words in _commands() if not any(each[: len(words)] == words for each in known)] == []


def test_help_needs_no_extra() -> None:
    """`--help` of each command works without any extra."""
    every = [[], ["dataset"], ["tasks"], ["arena"], *_commands()]
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({sorted(_modules_of(*_EXTRAS))!r}))\n"
        "from score_model.cli.main import run\n"
        f"for words in {every!r}: assert run([*words, '--help']) == 0, words\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.count("Usage: score-model") == len(every)


def test_the_table_is_the_project_s() -> None:
    """What each extra brings is read from the installed metadata, and is what pyproject.toml declares."""
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]
    declared: dict[str, list[str]] = {"": project["dependencies"], **project["optional-dependencies"]}

    def names(extra: str) -> set[str]:
        found: set[str] = set()
        for requirement in declared[extra]:
            if requirement.startswith("score-model["):
                inner = requirement.partition("[")[2].rstrip("]").split(",")
                found |= set().union(*map(names, inner))
            else:
                found.add(requirement.partition(">")[0])
        return found

    assert {extra: set(found) for extra, found in distributions_of_extras().items()} == {
        extra: names(extra) for extra in declared
    }
    assert set(_EXTRAS) == declared.keys() - {"", "all"}


@pytest.mark.parametrize(
    ("module", "wanted", "named"),
    [
        ("pyarrow.parquet", None, "data"),
        ("pyarrow", "train", "train"),
        ("sklearn.linear_model", None, "train"),
        ("sklearn", "data", "train"),
        ("zstandard", None, "replay"),
        ("numpy", None, "score"),
        ("torch", None, "torch"),
    ],
)
def test_a_package_of_several_extras(module: str, wanted: str | None, named: str) -> None:
    """The extra that is wanted is named where it brings the package, and otherwise the lightest that does."""
    error = missing_extra(ModuleNotFoundError(name=module), "this", wanted)
    assert str(error) == f"this needs the extra '{named}': pip install 'score-model[{named}]'"


def test_other_modules_are_no_extra_s() -> None:
    """A missing module that no extra brings stays the error that it is: it is a fault, not something to install."""
    for name in ("score_model.nowhere", "aiohttp", "email.nowhere", None):
        error = ModuleNotFoundError(name=name)
        assert missing_extra(error, "this") is error


def test_an_extra_is_wanted_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """One missing package is enough, before any of them is imported."""
    require_extra("train", "this")
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(MissingExtraError, match=r"this needs the extra 'train'"):
        require_extra("train", "this")
