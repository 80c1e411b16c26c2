"""An installed package with an estimator, made of the example in the documentation."""

from pathlib import Path

from tests import plugins

IMPORTED = "imported"
"""The file that the package writes beside itself when it is imported."""


def documented_module() -> str:
    """The example's code."""
    return plugins.documented_module("extending.md", "my_models.py")


def install(site: Path, module: str, name: str = "centroid", module_name: str = "my_models") -> Path:
    """A site folder with the package, whose object CENTROID is the estimator of that name."""
    touch = f"from pathlib import Path as _P\n_P(__file__).with_name({IMPORTED!r}).touch()\n"
    points = {f"estimator.{name}": f"{module_name}:CENTROID"}
    plugins.install_distribution(site, module_name, "1.2", {f"{module_name}.py": touch + module}, points)
    return site
