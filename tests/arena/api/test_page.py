"""The promise that docs/api.md is true: its commands are run, and its tables name what there is."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

from score_model.arena._settings import Demand, Envelope, PagingMode
from score_model.arena.api import _openapi
from tests.arena.processes import SETTINGS, serving

_ROOT = Path(__file__).parents[3]
_WEB = _ROOT / "src" / "score_model" / "web"
_PAGE = (_ROOT / "docs" / "api.md").read_text()


def test_the_commands_run_as_they_are_written(tmp_path: Path) -> None:
    """Every curl and token command of the page succeeds, each block pasted whole (only the port is changed)."""
    served, *blocks = re.findall(r"```bash\n(.*?)```", _PAGE, flags=re.DOTALL)
    assert served == "score-model arena serve\n"
    browsing = [block for block in blocks if "arena evaluate" in block]  # tests/cli/test_arena_evaluate.py runs it
    assert len(browsing) == 1
    with serving("--data-dir", tmp_path) as (_, urls):
        pasted = [f"({block})\n" for block in blocks if block not in browsing]  # what one sets, no other one needs
        script = "".join(pasted).replace("http://127.0.0.1:8091/api", urls["api_url"])
        variables = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        variables |= {
            "SCORE_MODEL_DATA_DIR": str(tmp_path),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
        bash = ["bash", "-euo", "pipefail", "-c", script]
        ran = subprocess.run(bash, cwd=tmp_path, env=variables, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert '"code"' not in ran.stdout
    assert ran.stdout.count('"id":') >= 6


def test_the_page_names_every_code_and_switch() -> None:
    """Every error code in the source and every choice of a switch is on the page, and no other code."""
    folder = Path(_openapi.__file__).parent
    files = [folder.parent / "_refusals.py", *(path for part in (folder, _WEB) for path in sorted(part.glob("*.py")))]
    files.append(folder.parent / "export" / "_query.py")
    source = "".join(path.read_text() for path in files)
    codes = set(re.findall(r'(?:RefusedError\(\s*\d+, |super\(\).__init__\(\d+, |\d+: )"([a-z_]+)"', source))
    codes |= {f"{demand}_required" for demand in get_args(Demand)}
    table = _PAGE.partition("## Errors")[2].partition("## Limits")[0]
    named = set(re.findall(r"`([a-z_]+)`", table)) - {"code", "detail"}
    assert named == codes
    for choice in (*get_args(PagingMode), *get_args(Envelope)):
        assert f"`{choice}`" in _PAGE or choice.startswith("data.")
