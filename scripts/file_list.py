"""Writes the list of files in docs/architecture.md from their docstrings: `python -m scripts.file_list`."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "architecture.md"
HEADING = "## Files\n"
_PACKAGE = ROOT / "src" / "score_model"


def file_list() -> str:
    """Return the section: one table for each folder, with each file's purpose in one line.

    Raises ValueError for a file that has no docstring.
    """
    parts = [HEADING, "\nMade of the files' docstrings by `python -m scripts.file_list`; a test holds it to them.\n"]
    for folder in sorted({path.parent for path in _PACKAGE.rglob("*.py")}):
        parts.append(
            f"\n### `{folder.relative_to(_PACKAGE.parent)}/`\n\n{_door(folder)}| file | purpose |\n| --- | --- |\n"
        )
        parts += [f"| `{path.name}` | {purpose(path)} |\n" for path in _files(folder)]
    return "".join(parts)


def purpose(path: Path) -> str:
    """Return the first line of a file's docstring."""
    docstring = ast.get_docstring(ast.parse(path.read_text()))
    if not docstring:
        raise ValueError(f"{path} has no docstring")
    return docstring.partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")


def _door(folder: Path) -> str:
    door = folder / "__init__.py"
    return f"{purpose(door)}\n\n" if door.exists() and door.read_text().strip() else ""


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.glob("*.py")) if path.name != "__init__.py")


def main() -> None:
    """Replace the section, which is the page's last."""
    before, _, _ = PAGE.read_text().partition(HEADING)
    PAGE.write_text(before.rstrip() + "\n\n" + file_list())


if __name__ == "__main__":
    main()
