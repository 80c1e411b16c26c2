"""Where the trace of a solution lies: names from outside become safe file names."""

import hashlib
import string
from pathlib import Path

COMPRESSED = ".jsonl.zst"
PLAIN = ".jsonl"

_SAFE = frozenset((string.ascii_lowercase + string.digits + "_-.").encode())
_NOT_FIRST = frozenset(b"-.")
_MOST_BYTES = 200
_DIGEST_DIGITS = 32


def trace_path(output: Path, website: str | None, task_id: str, solution_id: str, *, compressed: bool = True) -> Path:
    """`<output>/<website>/<task_id>/<solution_id>.jsonl.zst`, or `.jsonl`; no website is `unknown`.

    Every byte of an id but a-z, 0-9, `_`, `-` and `.` becomes `%` and two hexadecimal digits, as does a leading `-` or
    `.`: no separator, control character or hidden file can come of it, and ids that differ only in case or in Unicode
    normalisation stay apart on every file system. An empty id is `%`. Names of more than 200 bytes keep their
    beginning and end in `~` and 128 bits of the id's SHA-256. Different ids get different paths.
    """
    folder = output / _file_name("unknown" if website is None else website) / _file_name(task_id)
    return folder / (_file_name(solution_id) + (COMPRESSED if compressed else PLAIN))


def _file_name(text: str) -> str:
    raw = text.encode("utf-8", "surrogatepass")
    name = "".join(
        chr(byte) if byte in _SAFE and (position or byte not in _NOT_FIRST) else f"%{byte:02X}"
        for position, byte in enumerate(raw)
    )
    if len(name) > _MOST_BYTES:
        digest = hashlib.sha256(raw).hexdigest()[:_DIGEST_DIGITS]
        return f"{name[: _MOST_BYTES - _DIGEST_DIGITS - 1]}~{digest}"
    return name or "%"
