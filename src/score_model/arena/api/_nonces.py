"""Nonces that were used: each is good for one request."""

from threading import Lock

from score_model.arena._answers import RefusedError

_REMEMBERED = 100_000


class Nonces:
    """Remembers the latest 100,000, for as long as the arena runs. May be used by several threads."""

    def __init__(self) -> None:
        self._holders: dict[str, object] = {}
        self._lock = Lock()

    def take(self, nonce: str, holder: object) -> None:
        """Use a nonce up for a request, which may take it again; raises RefusedError 409 if another one did."""
        with self._lock:
            if self._holders.setdefault(nonce, holder) is not holder:
                raise RefusedError(409, "nonce_reused", "This nonce was used before")
            if len(self._holders) > _REMEMBERED:
                del self._holders[next(iter(self._holders))]

    def give_back(self, nonce: str, holder: object) -> None:
        """Make a nonce good again: the request that took it was refused."""
        with self._lock:
            if self._holders.get(nonce) is holder:
                del self._holders[nonce]
