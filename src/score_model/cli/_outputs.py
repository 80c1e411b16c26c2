"""Where a command writes is looked at before its work begins, which can take minutes."""

import os
from collections.abc import Collection
from pathlib import Path

from score_model.errors import UsageError


def check_file(path: Path | None) -> None:
    """Raises UsageError if no file can be written at `path`: a folder is there, or none can be made around it."""
    if path is None:
        return
    if path.is_dir():
        raise UsageError(f"{path}: a folder, and the output is a file: name one, such as {path / 'output.jsonl'}")
    check_folder(path.parent)


def check_apart(output: Path | None, *inputs: Path | None) -> None:
    """Raises UsageError if writing the output would change what is read: it is an input or lies in one, or is a folder
    that an input lies in. Links are followed, and names of the same file count as one."""
    if output is None:
        return
    written = Path(os.path.realpath(output))
    for path in inputs:
        if path is None or not path.exists():
            continue
        read = Path(os.path.realpath(path))
        if written == read or (output.exists() and output.samefile(path)):
            raise UsageError(f"{output}: an input, which the output would replace: name another one")
        if written.is_relative_to(read):
            raise UsageError(f"{output}: lies in {path}, which is an input: name another place")
        if read.is_relative_to(written):
            raise UsageError(f"{output}: holds {path}, which is an input: name another folder")


def check_only(folder: Path, what: str, *signs: Collection[str]) -> None:
    """Raises UsageError if a folder has something in it and is none of ours, which one of `signs`, whole, would tell.

    What a killed writer left, or one that is at it has, does not count.
    """
    if not folder.is_dir():
        return
    names = (path.name for path in folder.iterdir())
    held = {name for name in names if not (name.startswith(".") and name.endswith((".tmp", ".lock")))}
    if held and not any(held.issuperset(sign) for sign in signs):
        raise UsageError(f"{folder}: there is something else than {what}; name another folder")


def check_folder(path: Path) -> None:
    """Raises UsageError if no file can be written into the folder `path`: it, or one above it, is a file or closed."""
    nearest = path.absolute()
    while not os.path.lexists(nearest):
        nearest = nearest.parent
    if not nearest.is_dir():
        raise UsageError(f"{path}: can't be a folder, since {nearest} is none: name another one")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise UsageError(f"can't write to {nearest}: permission denied")
