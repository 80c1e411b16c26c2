"""Promises of `score-model mirror` and of its documented name."""

import json
from pathlib import Path

import pytest

import score_model
from tests.cli.commands import DOCUMENTED, run
from tests.fakes.entries import make_entries
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
    """Scripts can tell a refusal from an outage; both say in one line what happened and how to go on."""
    async with FakeLeaderboard(rows=make_entries(10), bearer="right-token") as api:
        refused = await run(
            "mirror", "--base-url", api.origin, "--output-prefix", "p", cwd=tmp_path, AUTOPPIA_PROD_API_TOKEN="wrong"
        )
        let_in = await run(
            "mirror", "--base-url", api.origin, "--output-prefix", "p", "--resume",
            cwd=tmp_path, AUTOPPIA_PROD_API_TOKEN="right-token",
        )  # fmt: skip
        url = api.origin
    assert refused.code == 3
    assert "--resume" in refused.stderr
    assert let_in.code == 0
    down = await run("mirror", "--base-url", url, "--output-prefix", "q", cwd=tmp_path)
    assert down.code == 4
    assert "Traceback" not in down.stderr


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
    (tmp_path / "score_model.toml").write_text("[mirror\n")
    broken = await run("mirror", cwd=tmp_path)
    assert broken.code == 2
    assert len(broken.stderr.strip().splitlines()) == 1
