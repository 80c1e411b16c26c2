"""The optional libraries of this room, loaded when they are first needed: each costs half a second and more."""

from contextlib import AbstractContextManager
from typing import Any

from score_model.errors import UsageError
from score_model.extras import import_optional

_SYSTEM_PACKAGES = {
    "libgomp": "install the package libgomp1 (Debian, Ubuntu) or libgomp (Fedora, Alpine, Arch: gcc-libs)",
    "libomp": "install it, on macOS with brew install libomp",
}


def library(name: str) -> Any:
    """The module of that name.

    Raises MissingExtraError with the extra to install if its package is not there, and UsageError if it is there and
    the system lacks a shared library that it needs: LightGBM does not bring OpenMP's along.
    """
    try:
        return import_optional(name, "the score model")
    except (ImportError, OSError) as broken:
        package = name.partition(".")[0]
        reason = " ".join(str(broken).split())[:300]
        what_to_do = next((hint for file, hint in _SYSTEM_PACKAGES.items() if file in reason), f"reinstall {package}")
        raise UsageError(f"{package} is installed and can't be loaded ({reason}): {what_to_do}") from None


def one_thread() -> AbstractContextManager[Any]:
    """Keeps linear algebra to one thread inside the block.

    BLAS adds long vectors up in an order that depends on its threads: the last bits of a model would depend on how many
    cores trained it.
    """
    for name in ("sklearn.linear_model", "scipy.sparse"):  # only libraries that are loaded can be held back
        library(name)
    held: AbstractContextManager[Any] = library("threadpoolctl").threadpool_limits(limits=1)
    return held
