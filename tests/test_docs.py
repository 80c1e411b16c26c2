"""The promise that the README is true: its tour is run, command by command."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

from tests.cli.commands import environment

README = (Path(__file__).parent.parent / "README.md").read_text()


def tour() -> str:
    """The tour's commands, as one script."""
    section = README.partition("## A five-minute tour")[2].partition("\n## ")[0]
    return "\n".join(re.findall(r"```bash\n(.*?)```", section, flags=re.DOTALL))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_the_tour_runs_as_it_is_written(tmp_path: Path) -> None:
    """Every command of the tour succeeds, in order, in an empty folder (only the port is changed)."""
    script = tour().replace("8091", str(free_port()))
    assert script.count("score-model") >= 6
    variables = environment(PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    bash = ["bash", "-euo", "pipefail", "-c", f"trap 'kill $(jobs -p)' EXIT\n{script}"]
    with subprocess.Popen(
        bash,
        cwd=tmp_path,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        try:
            stdout, stderr = running.communicate(timeout=120)
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
    assert running.returncode == 0, stderr
    assert "Counter({'ok'" in stdout
    assert "looks down" in stderr
    assert (tmp_path / "data/score_model_pipeline/datasets/again.parquet").exists()


def test_links_lead_somewhere() -> None:
    """Every relative link of README and docs names a file that is there."""
    root = Path(__file__).parent.parent
    for page in [root / "README.md", root / "CHANGELOG.md", *(root / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
