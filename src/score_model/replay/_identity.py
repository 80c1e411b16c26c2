"""Whom a browser acts for while it replays: one agent id for each replay (export contract, section 5)."""

import hashlib
import re
from dataclasses import dataclass

_SAFE = re.compile(r"[A-Za-z0-9._-]{1,128}")


@dataclass(frozen=True, slots=True)
class ReplayIdentity:
    """The values of `X-WebAgent-Id` and `X-Validator-Id`; raises ValueError for what a header should not carry."""

    agent_id: str
    validator_id: str

    def __post_init__(self) -> None:
        for value in (self.agent_id, self.validator_id):
            if not _SAFE.fullmatch(value):
                raise ValueError(f"not an identity that a header can carry: {value[:80]!r}")

    @property
    def headers(self) -> dict[str, str]:
        """What every request for this replay carries."""
        return {"X-WebAgent-Id": self.agent_id, "X-Validator-Id": self.validator_id}


def make_identity(*, run_id: str, task_id: str, solution_id: str, attempt: int = 0) -> ReplayIdentity:
    """The identity of one attempt to replay one solution: always the same for the same arguments, and for no others.

    Late events of an attempt that was given up can't reach the next one. Digests keep hostile ids out of headers.
    """
    whole = _digest(run_id, task_id, solution_id, str(attempt))
    return ReplayIdentity(f"replay-{whole}", f"run-{_digest(run_id)[:12]}")


def _digest(*texts: str) -> str:
    lengths = "".join(f"{len(text)}:{text}" for text in texts)
    return hashlib.blake2b(lengths.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
