"""The `arena` commands, as processes."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from score_model.cli.main import run
from tests.arena.rows import entry

_SETTINGS = ("SCORE_MODEL_DATA_DIR", "SCORE_MODEL_ARENA_KEY", "SCORE_MODEL_ARENA_TOKEN")
_RUN = "import sys; from score_model.cli.main import main; main()"


def _command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-c", _RUN, "arena", *map(str, arguments)]


def _environment(**variables: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _SETTINGS} | variables


class Finished(NamedTuple):
    """What a command said."""

    code: int
    out: str
    err: str


Command = Callable[..., Finished]


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Runs an `arena` command in this process."""
    monkeypatch.chdir(tmp_path)
    for name in _SETTINGS:
        monkeypatch.delenv(name, raising=False)

    def run_command(*arguments: str | Path) -> Finished:
        capfd.readouterr()
        code = run(["arena", *map(str, arguments)])
        return Finished(code, *capfd.readouterr())

    return run_command


@contextmanager
def _serving(*arguments: str | Path, **variables: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    process = subprocess.Popen(
        _command("serve", "--port", "0", *arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=_environment(**variables),
    )
    try:
        assert process.stdout
        yield process, json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


def _get(url: str, **headers: str) -> dict[str, object]:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as response:
        answer: dict[str, object] = json.load(response)["data"]
        return answer


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serves_when_it_says_so_and_stops_cleanly(command: Command, tmp_path: Path, number: signal.Signals) -> None:
    """The one line on stdout comes when requests are accepted; a signal ends it with code 0 and no other output."""
    assert command("seed", "--rows", "60", "--data-dir", tmp_path).code == 0
    with _serving("--data-dir", tmp_path) as (process, urls):
        assert _get(urls["leaderboard_url"])["total"] == 60
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
        assert (process.returncode, out, err) == (0, "", "")
    assert not (tmp_path / "arena" / "arena.sqlite-wal").exists()


def test_secrets_come_from_the_environment(command: Command, tmp_path: Path) -> None:
    """The named variables switch the key and the token on; other machines are served only with a token."""
    with _serving("--data-dir", tmp_path, "--token-env", "MINE", MINE="t", SCORE_MODEL_ARENA_KEY="k") as (_, urls):
        with pytest.raises(urllib.error.HTTPError, match="401"):
            _get(urls["leaderboard_url"] + "?key=k")
        assert _get(urls["leaderboard_url"] + "?key=k", Authorization="Bearer t")["total"] == 0
    open_host = command("serve", "--host", "0.0.0.0", "--data-dir", tmp_path)
    assert open_host.code == 2
    assert "token" in open_host.err
    assert len(open_host.err.splitlines()) == 1
    unset = command("serve", "--token-env", "NOT_SET_HERE", "--data-dir", tmp_path)
    assert (unset.code, "NOT_SET_HERE" in unset.err) == (2, True)


def test_a_taken_port_is_one_line(command: Command, tmp_path: Path) -> None:
    """A port that something else listens on ends with code 2."""
    with _serving("--data-dir", tmp_path) as (_, urls):
        port = urls["base_url"].rsplit(":", 1)[1]
        second = command("serve", "--port", port, "--data-dir", tmp_path)
    assert second.code == 2
    assert f"port {port}" in second.err
    assert len(second.err.splitlines()) == 1


def test_import_counts(command: Command, tmp_path: Path) -> None:
    """Import prints one JSON object; failed lines end with code 1, unreadable files with 2."""
    dump, torn = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    dump.write_bytes(entry(1) + b"\n" + entry(2) + b"\n")
    torn.write_bytes(entry(2) + b"\n" + entry(3)[:50])
    database = tmp_path / "x" / "mine.sqlite"
    clean = command("import", dump, "--database", f"sqlite:///{database}", "--json")
    assert clean.code == 0
    report = json.loads(clean.out)
    assert (report["added"], report["known"], report["failed"]) == (2, 0, 0)
    partial = command("import", dump, torn, "--database", database, "--json")
    assert partial.code == 1
    report = json.loads(partial.out)
    assert (report["added"], report["known"], report["failed"]) == (0, 3, 1)
    assert report["failed_lines"] == ["b.jsonl:2: torn: it ends inside its JSON"]
    assert command("import", tmp_path / "none.jsonl", "--data-dir", tmp_path).code == 2
    assert command("import", "--data-dir", tmp_path).code == 2
    assert command("import", dump, "--database", "postgresql://u:hidden@h/db").code == 2


def test_seed_says_what_it_planted(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seeding the same rows again adds nothing; the data directory may come from the environment."""
    monkeypatch.setenv("SCORE_MODEL_DATA_DIR", str(tmp_path))
    first = command("seed", "--rows", "200", "--seed", "4", "--website", "autodrive", "--json")
    report = json.loads(first.out)
    assert (first.code, report["added"]) == (0, 200)
    assert report["planted"]["outages"][0]["website"] == "autodrive"
    again = command("seed", "--rows", "200", "--seed", "4", "--website", "autodrive", "--json", "--data-dir", tmp_path)
    assert json.loads(again.out)["known"] == 200
    assert command("seed", "--rows", "-1", "--data-dir", tmp_path).code == 2
    assert command("seed", "--rows", "1", "--website", "nosuch", "--data-dir", tmp_path).code == 2
