"""Every request stays on the API's origin: anything else would carry the credentials away."""

import yarl

from score_model.contract.urls import read_origin
from score_model.errors import ContractError, RemoteRefusedError, UsageError


def resolve_reference(base: yarl.URL, reference: str, *, status: int) -> yarl.URL:
    """Return the URL that a server's `reference` (a redirect, a `next`) means, seen from the request `base`.

    Raises RemoteRefusedError, naming the target's origin, if that leaves the origin of `base`, carries user
    information, or is spelled in a way that two parsers could read differently (backslashes, control characters).
    """
    if "\\" in reference or not reference.isprintable() or any(character.isspace() for character in reference):
        raise RemoteRefusedError("the server named a URL with backslashes, spaces or control characters", status=status)
    try:
        target = base.join(yarl.URL(reference))
        here, there = read_origin(str(base)), read_origin(str(target))
    except (ValueError, ContractError):
        raise RemoteRefusedError("the server named something that is not an http(s) URL", status=status) from None
    if here != there:
        raise RemoteRefusedError(
            f"the server pointed from {here} to {there[:200]}: another origin is "
            "never followed, it would carry the credentials away",
            status=status,
        )
    if target.user is not None or target.password is not None:
        raise RemoteRefusedError("the server named a URL with user information", status=status)
    return target.with_fragment(None)


def resolve_path(base: yarl.URL, path_or_url: str) -> yarl.URL:
    """Return the absolute URL of a path under `base`, or of an absolute URL on the same origin.

    Raises UsageError for anything that would leave the origin: paths that arrive here are our own, or were resolved
    by `resolve_reference` before.
    """
    if path_or_url.lower().startswith(("http://", "https://")):
        try:
            return resolve_reference(base, path_or_url, status=200)
        except RemoteRefusedError as refusal:
            raise UsageError(str(refusal)) from None
    if path_or_url.startswith("//") or "\\" in path_or_url or not path_or_url.isprintable():
        raise UsageError("a request path must not start with // or contain backslashes or control characters")
    path, _, query = path_or_url.partition("?")
    joined = f"{str(base).rstrip('/')}/{path.lstrip('/')}" if path else str(base)
    return yarl.URL(f"{joined}?{query}" if query else joined)
