"""The `arena` commands, as processes."""

import json
import signal
import socket
import urllib.error
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from score_model.cli.main import run
from tests.arena.factories import entry
from tests.arena.processes import SETTINGS, get, post, serving


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
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)

    def run_command(*arguments: str | Path) -> Finished:
        capfd.readouterr()
        code = run(["arena", *map(str, arguments)])
        return Finished(code, *capfd.readouterr())

    return run_command


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serves_when_it_says_so_and_stops_cleanly(command: Command, tmp_path: Path, number: signal.Signals) -> None:
    """The one line on stdout comes when requests are accepted; a signal ends it with code 0 and no other output."""
    assert command("seed", "--rows", "60", "--data-dir", tmp_path).code == 0
    with serving("--data-dir", tmp_path) as (process, urls):
        assert get(urls["leaderboard_url"])["data"]["total"] == 60
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
        assert (process.returncode, out, err) == (0, "", "")
    assert not (tmp_path / "arena" / "arena.sqlite-wal").exists()


def test_switches_and_tokens(command: Command, tmp_path: Path) -> None:
    """The flags of `serve` reach the API, and a token made while it runs is demanded at once, until it is revoked."""
    flags = ("--demand", "nonce", "--demand", "run_id", "--paging", "total", "--envelope", "data.items")
    with serving("--data-dir", tmp_path, *flags, "--claim-ttl-s", "60") as (_, urls):
        tasks = urls["api_url"] + "/tasks"
        assert post(tasks, {"title": "x"})[1]["code"] == "nonce_required"
        status, task = post(tasks, {"title": "x", "nonce": "1", "run_id": "r"})
        assert status == 201
        assert get(f"{tasks}?nonce=2&run_id=r") == {"data": {"items": [task], "total": 1}}
        _, claimed = post(f"{tasks}/{task['id']}/claim", {"nonce": "3", "run_id": "r"})
        assert claimed["claim"]["expires_at"] > task["created_at"]
        made = command("token", "mine", "--data-dir", tmp_path)
        token = made.out.strip()
        assert (made.code, len(made.out.splitlines()), token in made.err) == (0, 1, False)
        with pytest.raises(urllib.error.HTTPError, match="401"):
            get(f"{tasks}?nonce=4&run_id=r")
        assert get(f"{tasks}?nonce=5&run_id=r", Authorization=f"Bearer {token}")["data"]["total"] == 1
        listed = command("token", "--list", "--json", "--data-dir", tmp_path)
        assert [one["name"] for one in json.loads(listed.out)["tokens"]] == ["mine"]
        assert token not in listed.out + listed.err
        assert command("token", "mine", "--data-dir", tmp_path).code == 2
        revoked = command("token", "--revoke", "mine", "--json", "--data-dir", tmp_path)
        assert json.loads(revoked.out) == {"revoked": "mine", "left": 0}
        assert get(f"{tasks}?nonce=6&run_id=r")["data"]["total"] == 1
    for wrong in ((), ("a", "--list"), ("--list", "--revoke", "a"), ("--revoke", "nobody"), ("a b",)):
        assert command("token", *wrong, "--data-dir", tmp_path).code == 2
    for wrong in (
        ("--allowed-host", "http://a"),
        ("--paging", "x"),
        ("--envelope", "x"),
        ("--demand", "x"),
        ("--claim-ttl-s", "0"),
    ):
        assert command("serve", "--port", "0", "--data-dir", tmp_path, *wrong).code == 2


def test_tokens_of_no_arena(command: Command, tmp_path: Path) -> None:
    """Listing or revoking tokens where there is no database ends with code 2 in one line, and makes nothing."""
    for words in (("--list",), ("--revoke", "mine")):
        ended = command("token", *words, "--data-dir", tmp_path / "nowhere")
        assert (ended.code, ended.out, len(ended.err.splitlines())) == (2, "", 1)
        assert "score-model arena token NAME makes one" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_help_teaches(command: Command) -> None:
    """The help of `serve` says which ports are used and how to free them; that of `token` shows a token in use."""
    ports = " ".join(command("serve", "--help").out.split())
    assert "8000, 8001 and 8090" in ports
    assert "--site-ports free" in ports
    assert "export AUTOPPIA_PROD_API_TOKEN=$(score-model arena token my-agent)" in command("token", "--help").out


def test_free_site_ports(tmp_path: Path) -> None:
    """`--site-ports free` leaves production's ports alone, and --port is the API's nevertheless."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = str(listener.getsockname()[1])
    with serving("--data-dir", tmp_path, "--port", port, "--site-ports", "free") as (_, urls):
        assert urls["base_url"] == f"http://127.0.0.1:{port}"
        others = [urls["events_url"], *urls["site_urls"].values()]
        assert len({url.rpartition(":")[2] for url in others} - {"8000", "8001", "8090", port}) == 3
        assert get(f"{urls['events_url']}/health") == {"status": "ok"}


def test_secrets_come_from_the_environment(command: Command, tmp_path: Path) -> None:
    """The named variables switch the key and the token on; other machines are served only with a token."""
    with serving("--data-dir", tmp_path, "--token-env", "MINE", MINE="t", SCORE_MODEL_ARENA_KEY="k") as (_, urls):
        with pytest.raises(urllib.error.HTTPError, match="401"):
            get(urls["leaderboard_url"] + "?key=k")
        assert get(urls["leaderboard_url"] + "?key=k", Authorization="Bearer t")["data"]["total"] == 0
    open_host = command("serve", "--host", "0.0.0.0", "--port", "0", "--data-dir", tmp_path)
    assert open_host.code == 2
    assert "token" in open_host.err
    assert len(open_host.err.splitlines()) == 1
    unset = command("serve", "--token-env", "NOT_SET_HERE", "--port", "0", "--data-dir", tmp_path)
    assert (unset.code, "NOT_SET_HERE" in unset.err) == (2, True)


def test_a_taken_port_is_one_line(command: Command, tmp_path: Path) -> None:
    """A port that something else listens on ends with code 2."""
    with serving("--data-dir", tmp_path) as (_, urls):
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
