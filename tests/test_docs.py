"""The promise that the README is true: its tour is run, command by command."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from scripts.file_list import PAGE, file_list

from tests.cli.commands import environment

README = (Path(__file__).parent.parent / "README.md").read_text()


def commands_of(heading: str) -> str:
    """The commands of one section, as one script."""
    section = README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return "\n".join(re.findall(r"```bash\n(.*?)```", section, flags=re.DOTALL))


def python_of(heading: str) -> str:
    """The Python of one section."""
    section = README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return "\n".join(re.findall(r"```python\n(.*?)```", section, flags=re.DOTALL))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def taken(port: int) -> bool:
    """Whether somebody listens there already."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return listener.connect_ex(("127.0.0.1", port)) == 0


def run_as_a_reader(script: str, folder: Path) -> tuple[str, str]:
    """What bash printed on stdout and stderr, once every command of the script succeeded."""
    variables = environment(PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    bash = ["bash", "-euo", "pipefail", "-c", f"trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n{script}"]
    with subprocess.Popen(
        bash,
        cwd=folder,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        try:
            stdout, stderr = running.communicate(timeout=240)
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
    assert running.returncode == 0, stderr
    return stdout, stderr


def test_the_tour_runs_as_it_is_written(tmp_path: Path) -> None:
    """Every command of the tour succeeds, in order, in an empty folder (only the ports are changed)."""
    written = commands_of("A five-minute tour")
    script = written.replace("8091 &", "8091 --site-ports free &").replace("8091", str(free_port()))
    assert script.count("score-model") >= 6
    stdout, stderr = run_as_a_reader(script, tmp_path)
    assert "Counter({'ok'" in stdout
    assert "looks down" in stderr
    assert (tmp_path / "data/score_model_pipeline/datasets/again.parquet").exists()


@pytest.mark.slow
@pytest.mark.xdist_group("production ports")
def test_arena_replay_and_model_are_there_as_they_are_written(tmp_path: Path) -> None:
    """Browse a film, see its event, submit with curl, see the verdict, replay, train, rank: every command works."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    if busy := [port for port in (8000, 8001, 8090) if taken(port)]:
        pytest.skip(f"something listens on port {busy[0]} of this machine already")
    sections = (
        "The arena: production on a laptop",
        "Replay: see what they did",
        "The score model: a number you can trust",
    )
    script = "\n".join(map(commands_of, sections)).replace("8091", str(free_port()))
    stdout, stderr = run_as_a_reader(script, tmp_path)
    assert '"event_name":"SEARCH_FILM"' in stdout.replace(" ", "")
    assert '"status":"pending"' in stdout.replace(" ", "")
    assert "passed" in stderr
    assert "Marrow Hill" in (tmp_path / "page.html").read_text()
    for snippet in map(python_of, sections[1:]):
        command = [sys.executable, "-c", snippet]
        shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert shown.stdout


def test_every_file_is_listed_with_its_purpose() -> None:
    """The list at the end of docs/architecture.md is what the files say of themselves."""
    assert PAGE.read_text().endswith(file_list())


def test_links_lead_somewhere() -> None:
    """Every relative link of README and docs names a file that is there."""
    root = Path(__file__).parent.parent
    for page in [root / "README.md", root / "CHANGELOG.md", *(root / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
