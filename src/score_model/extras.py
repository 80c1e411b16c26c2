"""Optional parts: which extra brings which package, read from the metadata of the installed distribution.

An import that fails for want of such a package becomes MissingExtraError; this module has the rule and its only table.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from score_model.errors import MissingExtraError

_DISTRIBUTION = "score-model"
_REQUIREMENT = re.compile(r"""([\w.-]+)[^;]*(?:;.*\bextra == ['"]([\w.-]+)['"])?""", re.ASCII)
_MODULE_OF = {"scikit-learn": "sklearn"}  # the others' modules are called like their distributions


@cache
def distributions_of_extras() -> dict[str, tuple[str, ...]]:
    """Return the distributions that each extra asks for, those of the core under "".

    Empty where score-model runs from a source tree that was never installed.
    """
    from importlib.metadata import PackageNotFoundError, requires  # 20 ms that only a missing part costs

    try:
        requirements = requires(_DISTRIBUTION) or []
    except PackageNotFoundError:
        return {}
    found: dict[str, list[str]] = {}
    for requirement in requirements:
        match = _REQUIREMENT.match(requirement)
        assert match is not None, "an installed distribution has valid requirements"
        found.setdefault(match[2] or "", []).append(match[1])
    return {extra: tuple(sorted(distributions)) for extra, distributions in sorted(found.items())}


def missing_extra(
    error: ModuleNotFoundError, feature: str, extra: str | None = None
) -> MissingExtraError | ModuleNotFoundError:
    """Return the error that names the extra to install for `feature`; `error` itself if no extra brings its module.

    Where several bring it, that is `extra` if it is one of them, and otherwise the one with the fewest packages.
    """
    package = (error.name or "").partition(".")[0]
    bringing = {
        name: len(distributions)
        for name, distributions in distributions_of_extras().items()
        if name and package in map(_module_of, distributions)
    }
    if not bringing:
        return error
    return MissingExtraError(feature, extra if extra in bringing else min(bringing, key=lambda name: bringing[name]))


def require_extra(extra: str, feature: str) -> None:
    """Raise MissingExtraError if a package of the extra is not installed. Imports none of them."""
    distributions = distributions_of_extras().get(extra, ())
    if any(find_spec(_module_of(distribution)) is None for distribution in distributions):
        raise MissingExtraError(feature, extra)


def import_optional(name: str, feature: str, extra: str | None = None) -> Any:
    """Import and return a module of an extra; raises as `missing_extra` says if it is not installed."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise missing_extra(error, feature, extra) from None


def import_on_demand(package: str, module_of: Mapping[str, str], feature: str, extra: str) -> Callable[[str], object]:
    """Return the `__getattr__` of a package: it imports each name of `module_of` from its module at first use."""

    def get(name: str) -> object:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_optional(f"{package}.{module_of[name]}", feature, extra), name)

    return get


def _module_of(distribution: str) -> str:
    return _MODULE_OF.get(distribution, distribution.lower().replace("-", "_"))
