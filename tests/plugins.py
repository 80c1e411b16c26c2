"""Plug-ins for tests: distributions made in a folder, as an installer would leave them."""

import re
from collections.abc import Mapping
from pathlib import Path

_DOCS = Path(__file__).parent.parent / "docs"


def install_plugin(folder: Path, name: str, source: str, entry_points: Mapping[str, str]) -> None:
    """Put the distribution `name` 1.2 into a folder: one module, and what it names in the group `score_model`.

    The folder on PYTHONPATH makes it installed. When the module is imported it leaves the file `<name>.imported` there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    trace = f"import pathlib\n\npathlib.Path(__file__).with_name({f'{name}.imported'!r}).touch()\n"
    (folder / f"{name}.py").write_text(f"{source}\n{trace}")
    information = folder / f"{name}-1.2.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    points = "\n".join(f"{point} = {target}" for point, target in entry_points.items())
    (information / "entry_points.txt").write_text(f"[score_model]\n{points}\n")


def documented_module(page: str, name: str) -> str:
    """The source that a page of the documentation shows under the title `name`."""
    text = (_DOCS / page).read_text()
    found = re.search(rf'```python title="{re.escape(name)}"\n(.*?)```', text, flags=re.DOTALL)
    assert found, f"docs/{page} shows no {name}"
    return found[1]
