"""Plug-ins for tests: distributions made in a folder, as an installer would leave them."""

import re
from collections.abc import Mapping
from pathlib import Path

_DOCS = Path(__file__).parent.parent / "docs"


def install_distribution(
    folder: Path, name: str, version: str, modules: Mapping[str, str], entry_points: Mapping[str, str]
) -> None:
    """Put a distribution into a folder: files by name, and what they give to the group `score_model`.

    The folder on PYTHONPATH makes it installed.
    """
    information = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    points = "\n".join(f"{point} = {target}" for point, target in entry_points.items())
    (information / "entry_points.txt").write_text(f"[score_model]\n{points}\n")
    for file, source in modules.items():
        (folder / file).write_text(source)


def mark_import(name: str, source: str) -> str:
    """Return the source of a module that leaves the file `<name>.imported` beside itself when it is imported."""
    return f"{source}\nimport pathlib\n\npathlib.Path(__file__).with_name({f'{name}.imported'!r}).touch()\n"


def install_plugin(folder: Path, name: str, source: str, entry_points: Mapping[str, str]) -> None:
    """Put the distribution `name` 1.2 with one module into a folder, which is marked when it is imported."""
    install_distribution(folder, name, "1.2", {f"{name}.py": mark_import(name, source)}, entry_points)


def documented_module(page: str, name: str) -> str:
    """The source that a page of the documentation shows under the title `name`."""
    text = (_DOCS / page).read_text()
    found = re.search(rf'```python title="{re.escape(name)}"\n(.*?)```', text, flags=re.DOTALL)
    assert found, f"docs/{page} shows no {name}"
    return found[1]
