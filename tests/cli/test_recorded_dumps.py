"""The documented command on recorded production dumps, where they are at hand (they are not part of the repository)."""

import asyncio
import json
import signal
from pathlib import Path

import score_model
from tests.cli.commands import DOCUMENTED, run, start
from tests.recorded import DUMPS, needs_dumps

SUSPECTS = {("autobooks", 55): 14, ("autocinema", 20): 13, ("autoconnect", 55): 48}


@needs_dumps
async def test_the_documented_command_on_recorded_dumps(tmp_path: Path) -> None:
    """Behind an arena, word for word: 344 solutions; unfiltered and to the end: all 1,429, each once; three outages."""
    database = ["--database", str(tmp_path / "arena.sqlite")]
    imported = await run("arena", "import", *DUMPS, *database, "--json", cwd=tmp_path)
    assert json.loads(imported.stdout)["added"] == 1429
    server = await start(["arena", "serve", "--port", "0", *database], tmp_path)
    try:
        assert server.stdout is not None
        url = json.loads(await asyncio.wait_for(server.stdout.readline(), 60))["base_url"]
        documented = await run(
            "--website", "autocinema", "--website", "autobooks", "--success", "true", "--success", "false",
            "--pages-per-filter", "5", "--limit", "200", "--dedupe-strategy", "task_solution",
            cwd=tmp_path, module=DOCUMENTED, AUTOPPIA_LEADERBOARD_URL=url,
        )  # fmt: skip
        assert documented.code == 0, documented.stderr
        everything = await run(
            "mirror", "--success", "all", "--pages-per-filter", "all", "--output-prefix", "all", "--base-url", url,
            cwd=tmp_path,
        )  # fmt: skip
        assert everything.code == 0, everything.stderr
    finally:
        server.send_signal(signal.SIGTERM)
        await server.communicate()
    datasets = tmp_path / "data/score_model_pipeline/datasets"
    (some,) = datasets.glob("leaderboard_*.jsonl")
    assert len({sample.solution_id for sample in score_model.load_samples(some)}) == 344
    samples = list(score_model.load_samples(datasets / "all.jsonl"))
    assert len(samples) == len({sample.solution_id for sample in samples}) == 1429
    suspects: dict[tuple[str | None, int | None], int] = {}
    for sample in samples:
        if sample.label_quality == "environment_suspect":
            cell = (sample.website, sample.validator_uid)
            suspects[cell] = suspects.get(cell, 0) + 1
    assert suspects == SUSPECTS
