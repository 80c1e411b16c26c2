"""Promises of `score-model mirror` and of its documented name."""

import json
from pathlib import Path

import pytest

import score_model
from tests.cli.commands import DOCUMENTED, run, run_on_a_small_disk
from tests.fakes.entries import make_entries
from tests.fakes.faults import Fault
from tests.fakes.leaderboard import FakeLeaderboard

DATA = Path("data/score_model_pipeline")


async def test_the_documented_command_makes_a_dataset(tmp_path: Path) -> None:
    """The guide's command, word for word, writes raw dump, dataset and metrics under their documented names."""
    async with FakeLeaderboard(rows=make_entries(600)) as api:
        ran = await run(
            "--website", "autocinema", "--website", "autobooks", "--success", "true", "--success", "false",
            "--pages-per-filter", "5", "--limit", "200", "--dedupe-strategy", "task_solution",
            cwd=tmp_path, module=DOCUMENTED, AUTOPPIA_LEADERBOARD_URL=api.origin,
        )  # fmt: skip
        asked = [(r.params["website"], r.params["success"]) for r in api.requests if r.params["page"] == "1"]
    assert ran.code == 0, ran.stderr
    assert ran.stdout == ""
    assert asked == [(site, won) for site in ("autocinema", "autobooks") for won in ("true", "false")]
    (dataset,) = (tmp_path / DATA / "datasets").glob("leaderboard_*.jsonl")
    samples = list(score_model.load_samples(dataset))
    wanted = [e for e in make_entries(600) if e["task"]["website"] in ("autocinema", "autobooks")]
    assert sorted(s.solution_id or "" for s in samples) == sorted(e["solution"]["taskSolutionId"] for e in wanted)
    metrics = json.loads((tmp_path / DATA / "metrics" / f"{dataset.stem}.json").read_text())
    assert metrics["dataset"]["samples"] == len(samples)
    assert (tmp_path / DATA / "raw" / f"{dataset.stem}.jsonl").exists()


async def test_json_is_one_object_on_stdout(tmp_path: Path) -> None:
    """With --json a script gets one JSON object and nothing else; people are told on stderr."""
    async with FakeLeaderboard(rows=make_entries(40)) as api:
        ran = await run("mirror", "--base-url", api.origin, "--output-prefix", "p", "--json", cwd=tmp_path)
    result = json.loads(ran.stdout)
    assert ran.stdout.count("\n") == 1
    assert result["fetched"] is True
    assert result["counts"]["samples"] == 40
    assert Path(tmp_path, result["dataset"]).exists()
    assert result["summary"]
    assert "40 samples" in ran.stderr


async def test_a_finished_prefix_says_so_and_update_fetches_more(tmp_path: Path) -> None:
    """The same command again fetches nothing; --update fetches what is new; other filters are refused with exit 2."""
    command = ["mirror", "--output-prefix", "p", "--pages-per-filter", "all", "--limit", "20"]
    async with FakeLeaderboard(rows=make_entries(100)[:90]) as api:
        url = ["--base-url", api.origin]
        assert (await run(*command, *url, cwd=tmp_path)).code == 0
        asked = len(api.requests)
        again = await run(*command, *url, cwd=tmp_path)
        assert again.code == 0
        assert "nothing to fetch" in again.stderr
        assert len(api.requests) == asked
        for entry in make_entries(100)[90:]:
            api.insert(entry)
        updated = await run(*command, *url, "--update", "--json", cwd=tmp_path)
        assert json.loads(updated.stdout)["counts"]["samples"] == 100
        other = await run(*command, *url, "--website", "autobooks", cwd=tmp_path)
    assert other.code == 2
    assert "other filters" in other.last_line


@pytest.mark.parametrize(
    "wrong",
    [
        ["--limit", "501"],
        ["--limit", "0"],
        ["--limit", "many"],
        ["--dedupe-strategy", "luck"],
        ["--success", "maybe"],
        ["--pages-per-filter", "some"],
        ["--pages-per-filter", "0"],
        ["--max-records", "0"],
        ["--sort", "by_luck"],
        ["--concurrency", "0"],
        ["--max-requests-per-second", "-1"],
        ["--max-requests-per-second", "nan"],
        ["--output-prefix", "a/b"],
        ["--output-prefix", ".."],
        ["--base-url", "ftp://127.0.0.1"],
        ["--base-url", "http://user:secret-word@127.0.0.1"],
        ["--resume"],
        ["--data-dir", "/dev/null/x"],
        ["--no-such-flag"],
        ["--limit", "1.5"],
        ["--website", ""],
        ["--output-prefix", ""],
        ["stray"],
    ],
    ids=" ".join,
)
async def test_wrong_usage_is_one_line_and_exit_2(tmp_path: Path, wrong: list[str]) -> None:
    """Bad arguments are refused before anything is fetched or written, in one line that names them."""
    ran = await run("mirror", *wrong, cwd=tmp_path, AUTOPPIA_LEADERBOARD_URL="http://127.0.0.1:9")
    assert ran.code == 2, ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1
    assert "secret-word" not in ran.stderr
    assert not list(tmp_path.glob("**/*.jsonl"))


async def test_a_refusal_exits_3_and_an_unreachable_server_4(tmp_path: Path) -> None:
    """Scripts can tell a refusal from an outage; each is one line, which says how to go on if there is something to."""
    command = ["mirror", "--output-prefix", "p", "--limit", "10", "--pages-per-filter", "all"]
    async with FakeLeaderboard(rows=make_entries(60), bearer="right-token") as api:
        url = ["--base-url", api.origin]
        refused = await run(*command, *url, cwd=tmp_path, AUTOPPIA_PROD_API_TOKEN="wrong")
        assert refused.code == 3
        assert len(refused.stderr.strip().splitlines()) == 1
        assert "--resume" not in refused.stderr
        good_for = len(api.requests) + 4
        api.faults = lambda request: Fault(kind="status", status=401) if request.number > good_for else None
        cut_off = await run(*command, *url, cwd=tmp_path, AUTOPPIA_PROD_API_TOKEN="right-token")
        assert cut_off.code == 3
        assert len(cut_off.stderr.strip().splitlines()) == 1
        assert "--resume" in cut_off.stderr
        api.faults = {}
        let_in = await run(*command, *url, "--resume", cwd=tmp_path, AUTOPPIA_PROD_API_TOKEN="right-token")
        assert let_in.code == 0, let_in.stderr
    down = await run("mirror", *url, "--output-prefix", "q", cwd=tmp_path)
    assert down.code == 4
    assert len(down.stderr.strip().splitlines()) == 1


async def test_a_full_disk_is_one_line_and_nothing_is_lost(tmp_path: Path) -> None:
    """When a file can't grow any more the crawl ends with one line, and goes on to the same bytes when it can."""
    command = ["mirror", "--output-prefix", "p", "--limit", "10", "--pages-per-filter", "all"]
    async with FakeLeaderboard(rows=make_entries(200)) as api:
        url = ["--base-url", api.origin]
        (tmp_path / "calm").mkdir()
        assert (await run(*command, *url, cwd=tmp_path / "calm")).code == 0
        full = await run_on_a_small_disk(*command, *url, cwd=tmp_path, most_file_bytes=60_000)
        assert full.code == 2
        assert len(full.stderr.strip().splitlines()) == 1
        assert "File too large" in full.stderr
        assert (await run(*command, *url, "--resume", cwd=tmp_path)).code == 0
    for name in ("raw/p.jsonl", "raw/p.journal.jsonl", "datasets/p.jsonl", "metrics/p.json"):
        assert (tmp_path / DATA / name).read_bytes() == (tmp_path / "calm" / DATA / name).read_bytes()


async def test_settings_come_from_flag_then_environment_then_file(tmp_path: Path) -> None:
    """A flag beats the environment, which beats score_model.toml, which beats the default."""
    async with FakeLeaderboard(rows=make_entries(30)) as api:
        settings = f'data_dir = "from_file"\n[mirror]\nbase_url = "{api.origin}"\nlimit = 7\noutput_prefix = "p"\n'
        (tmp_path / "score_model.toml").write_text(settings)
        assert (await run("mirror", cwd=tmp_path)).code == 0
        assert {r.params["limit"] for r in api.requests} >= {"7"}
        assert (tmp_path / "from_file" / "datasets" / "p.jsonl").exists()
        assert (await run("mirror", cwd=tmp_path, SCORE_MODEL_DATA_DIR="from_environment")).code == 0
        assert (tmp_path / "from_environment" / "datasets" / "p.jsonl").exists()
        flags = ["--data-dir", "from_flag", "--limit", "9"]
        assert (await run("mirror", *flags, cwd=tmp_path, SCORE_MODEL_DATA_DIR="from_environment")).code == 0
        assert (tmp_path / "from_flag" / "datasets" / "p.jsonl").exists()
    (tmp_path / "score_model.toml").write_text("[mirror]\nlimmit = 7\n")
    assert (await run("mirror", cwd=tmp_path)).code == 2
    (tmp_path / "score_model.toml").write_text("[mirorr]\nlimit = 7\n")
    assert (await run("mirror", cwd=tmp_path)).code == 2
    (tmp_path / "score_model.toml").write_text("[mirror\n")
    broken = await run("mirror", cwd=tmp_path)
    assert broken.code == 2
    assert len(broken.stderr.strip().splitlines()) == 1
