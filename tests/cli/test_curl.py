"""The promise that the documented curl flows work as they are printed, against an arena that demands a token."""

import asyncio
import json
import re
import shutil
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

import pytest

from score_model.client import ProductionClient, Secret
from tests.cli.commands import environment
from tests.cli.servers import served_arena
from tests.client.factories import quick_session

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")

TOKEN = "tok-curl/+=1"
PAGE = (Path(__file__).parents[2] / "docs" / "tasks.md").read_text()
SOLUTION = re.findall(r"```json\n(.*?)```", PAGE, flags=re.DOTALL)[0]


def curl_flows() -> list[str]:
    """The commands under "With curl", in their order."""
    section = PAGE.partition("## With curl")[2].partition("\n## ")[0]
    return re.findall(r"```bash\n(.*?)```", section, flags=re.DOTALL)


async def bash(script: str, folder: Path, variables: dict[str, str]) -> Any:
    """Runs a script as a reader does; returns the JSON that it prints."""
    process = await asyncio.create_subprocess_exec(
        "bash", "-euo", "pipefail", "-c", script, cwd=folder, env=environment(**variables), stdout=PIPE, stderr=PIPE
    )
    stdout, stderr = await process.communicate()
    assert process.returncode == 0, stderr.decode()
    return json.loads(stdout)


@pytest.mark.parametrize("flags", [[], ["--paging", "page", "--envelope", "data.items"]], ids=["cursor", "page"])
async def test_the_five_flows(tmp_path: Path, flags: list[str]) -> None:
    """List, claim, submit, ask, list solutions: each documented command succeeds and says what the next one needs."""
    list_tasks, claim, submit, ask, list_solutions = curl_flows()
    (tmp_path / "solution.json").write_text(SOLUTION)
    async with served_arena(tmp_path, *flags, SCORE_MODEL_ARENA_TOKEN=TOKEN) as arena:
        variables = {"AUTOPPIA_PROD_BASE_URL": arena.urls["api_url"], "AUTOPPIA_PROD_API_TOKEN": TOKEN}
        async with quick_session(arena.urls["api_url"], bearer_token=Secret(TOKEN)) as session:
            for title in ("Find a film", "Buy a book"):
                await ProductionClient(session).create(title=title)
        listed = await bash(list_tasks, tmp_path, variables)
        rows = listed["data"]["items"] if flags else listed["results"]
        assert [task["title"] for task in rows] == ["Buy a book", "Find a film"]
        assert {task["status"] for task in rows} == {"open"}
        variables["TASK_ID"] = rows[1]["id"]
        assert (await bash(claim, tmp_path, variables))["status"] == "assigned"
        refused = await bash(claim, tmp_path, variables)
        assert refused["code"]
        submitted = await bash(submit, tmp_path, variables)
        assert (submitted["task_id"], submitted["status"], submitted["score"]) == (rows[1]["id"], "pending", None)
        variables["SOLUTION_ID"] = submitted["id"]
        asked = await bash(ask, tmp_path, variables)
        assert (asked["id"], asked["status"]) == (submitted["id"], "pending")
        solutions = await bash(list_solutions, tmp_path, variables)
        rows = solutions["data"]["items"] if flags else solutions["results"]
        assert [row["id"] for row in rows] == [submitted["id"]]
        variables["AUTOPPIA_PROD_API_TOKEN"] = "wrong"
        assert "token" in (await bash(list_tasks, tmp_path, variables))["code"]
