"""The promise that what is published works: the built wheel, in an environment of its own."""

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.cli.commands import DOCUMENTED, environment

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution as a publisher would."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.mark.slow
def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    """Package, type marker, documented modules and licence are in it; tests are not; the documented path has no
    `__init__.py` above it."""
    names = zipfile.ZipFile(wheel).namelist()
    assert "score_model/py.typed" in names
    assert f"{DOCUMENTED.replace('.', '/')}.py" in names
    assert not [name for name in names if name.startswith("autoppia_iwa") and name.endswith("__init__.py")]
    assert not [name for name in names if name.startswith(("tests", "benchmarks"))]
    assert [name for name in names if name.endswith("LICENSE")]


@pytest.mark.slow
def test_the_wheel_works_where_it_is_installed(wheel: Path, tmp_path: Path) -> None:
    """Installed without the source tree, the program, its documented name and the Python interface all answer."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "env")], check=True)
    python = tmp_path / "env" / "bin" / "python"
    purelib = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    # The dependencies come from the tests' own environment; the package itself only from the wheel.
    copied = {name for name in Path(sysconfig.get_path("purelib")).iterdir() if "score_model" not in name.name}
    for name in copied:
        if name.suffix != ".pth":
            Path(purelib, name.name).symlink_to(name)
    zipfile.ZipFile(wheel).extractall(purelib)
    for arguments in (["-m", "score_model", "--version"], ["-m", "score_model", "demo", "--rows", "300"],
                      ["-m", DOCUMENTED, "--help"]):  # fmt: skip
        ran = subprocess.run(
            [str(python), *arguments], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
    where = subprocess.run(
        [str(python), "-c", "import score_model; print(score_model.load_samples.__module__, score_model.__file__)"],
        cwd=tmp_path,
        env=environment(),
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert str(tmp_path) in where
