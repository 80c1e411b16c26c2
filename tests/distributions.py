"""Distributions as pip leaves them: modules and metadata in a folder, for tests of plug-ins."""

from collections.abc import Mapping
from pathlib import Path


def install(
    folder: Path, name: str, entry_points: Mapping[str, str], modules: Mapping[str, str], version: str = "1.0"
) -> Path:
    """Write a distribution with these entry points of the group `score_model` into a folder, which is returned.

    Python that has the folder on its path finds it as an installed one. `modules` are the texts of its files.
    """
    metadata = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    lines = [f"{point} = {target}" for point, target in entry_points.items()]
    (metadata / "entry_points.txt").write_text("\n".join(["[score_model]", *lines, ""]))
    for file, text in modules.items():
        (folder / file).write_text(text)
    return folder
