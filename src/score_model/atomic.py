"""Files that appear whole or not at all, and one writer at a time (docs/architecture.md, "Formats").

A file is written beside its place, synced and renamed. The file beside is locked while its writer lives, so that two
writers never share one, and what a killed writer left is taken over by the next.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from score_model.errors import UsageError

_FILE = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_MOST_PID_DIGITS = 10


@contextmanager
def atomic_write(path: Path) -> Iterator[BinaryIO]:
    """A binary file that takes the place of `path` when the block ends well and leaves no trace when it does not.

    The folder is made if it is missing. Raises OSError as the file system does.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside, descriptor = _claim_beside(path, folder=False)
    with os.fdopen(descriptor, "wb") as file:
        try:
            file.truncate()  # what a killed writer left
            yield file
            file.flush()
            os.fsync(file.fileno())
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    sync_folder(path.parent)


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """An empty folder that takes the place of `path`, and of all that is in it, when the block ends well.

    Leaves no trace when it does not. Whoever writes into it syncs it. Raises OSError as the file system does.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside, descriptor = _claim_beside(path, folder=True)
    old = beside.with_suffix(".old")
    try:
        for left in beside.iterdir():  # by a killed writer
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()
        yield beside
        shutil.rmtree(old, ignore_errors=True)
        if path.exists():
            path.rename(old)
        beside.rename(path)
        shutil.rmtree(old, ignore_errors=True)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    finally:
        os.close(descriptor)
    sync_folder(path.parent)


def discard(path: Path) -> None:
    """Remove the file `path`, if it is there, and what a killed writer of it left beside it."""
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        beside, descriptor = _claim_beside(path, folder=False)
        beside.unlink()
        os.close(descriptor)


@contextmanager
def lock_output(path: Path | None) -> Iterator[None]:
    """Keep every other writer from the output `path` while the block runs; None locks nothing.

    An output of several files is locked by the name of one of them. Other spellings of the path are the same output.
    The lock is a file beside the output, gone with the block; the system frees it when the process ends, however that
    comes about. Folders that are made for it and stay empty go with it. Raises UsageError at once, with the other's
    process id, if the output is locked, a stopped process's included; OSError as the file system does.
    """
    if path is None:
        yield
        return
    folder = Path(os.path.realpath(path.parent))
    lock = folder / f".{path.name}.lock"
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = _hold(lock, _FILE)
    if descriptor is None:
        raise UsageError(
            f"{path} is being written by another process{_holder(lock)}: wait for it, or name another output"
        )
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(descriptor)
        with suppress(OSError):
            for each in made:
                each.rmdir()


def sync_folder(folder: Path) -> None:
    """Makes the folder's entries (new names, renames) durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _claim_beside(path: Path, *, folder: bool) -> tuple[Path, int]:
    """The first of the hidden names beside `path` that no living writer has, and the descriptor that locks it."""
    number = 1
    while True:
        beside = path.with_name(f".{path.name}.tmp" if number == 1 else f".{path.name}.{number}.tmp")
        if folder:
            beside.mkdir(exist_ok=True)
        descriptor = _hold(beside, _FOLDER if folder else _FILE)
        if descriptor is not None:
            return beside, descriptor
        number += 1


def _hold(path: Path, flags: int) -> int | None:
    """Return a descriptor of `path` that locks it until it is closed; None if another one does.

    A killed process holds nothing.
    """
    while True:
        descriptor = os.open(path, flags, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(descriptor), os.lstat(path)):
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            return None
        except FileNotFoundError:
            pass
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # its holder has just renamed or removed it: what bears the name now is another file


def _holder(lock: Path) -> str:
    """Who holds a lock, as far as that is known."""
    with suppress(OSError):
        pid = lock.read_bytes()[: _MOST_PID_DIGITS + 1]
        if pid.isdigit() and len(pid) <= _MOST_PID_DIGITS:
            return f" (pid {pid.decode()})"
    return ""
