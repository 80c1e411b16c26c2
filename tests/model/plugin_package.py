"""An installed package with an estimator, made of the example in the documentation."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
IMPORTED = "imported"
"""The file that the package writes beside itself when it is imported."""


def documented_module() -> str:
    """The example's code."""
    pages = [page.read_text() for page in sorted(DOCS.glob("extending*.md"))]
    blocks = [block for page in pages for block in re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)]
    (module,) = (str(block) for block in blocks if "class CentroidEstimator" in block)
    return module


def install(site: Path, module: str, name: str = "centroid", module_name: str = "my_models") -> Path:
    """A site folder with the package, whose object CENTROID is the estimator of that name."""
    touch = f"from pathlib import Path as _P\n_P(__file__).with_name({IMPORTED!r}).touch()\n"
    info = site / f"{module_name}-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module_name}\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(f"[score_model]\nestimator.{name} = {module_name}:CENTROID\n")
    (site / f"{module_name}.py").write_text(touch + module)
    return site
