"""`score-model doctor`: is this installation whole, and what would it talk to?"""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import get_args

import msgspec

from score_model.cli._console import print_json, say
from score_model.cli._environment import DEFAULT_DATA_DIR, SETTINGS_FILE, DataDir, variable
from score_model.errors import MissingExtraError, UsageError
from score_model.extras import distributions_of_extras
from score_model.plugins import Plugin, PluginKind, list_plugins

_DOCUMENTED_MODULES = "autoppia_iwa.src.rl.score_model.cli"


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at; `ok` None means that nothing depends on it."""

    what: str
    ok: bool | None
    says: str


def doctor(*, data_dir: DataDir = DEFAULT_DATA_DIR, json: bool = False) -> int:
    """Check this installation: Python, parts, plug-ins, the documented module paths, the data folder, the settings.

    Nothing is sent anywhere. Exit code 1 means that something needs a hand.

        score-model doctor

    Parameters
    ----------
    data_dir: Path
        Where the project keeps its data.
    json: bool
        Print the findings as one JSON object.
    """
    plugins = list_plugins()
    findings = [*_parts(), _browser(), _documented_modules(), _data_dir(data_dir), *_settings(), *_plugins(plugins)]
    marks = {True: "ok     ", False: "PROBLEM", None: "       "}
    say(*(f"{marks[finding.ok]} {finding.what}: {finding.says}" for finding in findings))
    if json:
        print_json({"findings": findings, "plugins": plugins})
    return int(any(finding.ok is False for finding in findings))


def _parts() -> list[Finding]:
    findings = [Finding("python", True, platform.python_version())]
    for extra, packages in distributions_of_extras().items():
        if extra == "all":
            continue
        versions = {name: _version(name) for name in packages}
        missing = [name for name, found in versions.items() if found is None]
        if missing and extra:
            says = f"not installed ({', '.join(missing)}); to add it: pip install 'score-model[{extra}]'"
            findings.append(Finding(extra, None, says))
        else:
            listed = ", ".join(f"{name} {found or 'MISSING'}" for name, found in versions.items())
            findings.append(Finding(extra or "core", not missing, listed))
    return findings


def _plugins(plugins: list[Plugin]) -> list[Finding]:
    """Each installed plug-in, from its metadata alone: none is imported."""
    findings = []
    for plugin in plugins:
        unknown = "" if plugin.kind in get_args(PluginKind) else f"; no part of score-model asks for a {plugin.kind}"
        origin = " ".join((plugin.distribution or "of an unknown distribution", plugin.version)).strip()
        findings.append(Finding(f"plug-in {plugin.kind}.{plugin.name}", None, origin + unknown))
    return findings


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _browser() -> Finding:
    """What a replay would drive; a download of Playwright's own is only found by starting it."""
    named = variable("SCORE_MODEL_BROWSER")
    try:
        from score_model.replay import find_browser

        return Finding("browser", True, find_browser(Path(named) if named else None, ""))
    except MissingExtraError:
        return Finding("browser", None, "not looked for: the part replay is not installed")
    except UsageError as error:
        return Finding("browser", False if named else None, str(error))


def _documented_modules() -> Finding:
    what = f"python -m {_DOCUMENTED_MODULES}.…"
    spec = find_spec("autoppia_iwa")
    if spec is None:
        return Finding(what, False, "not installed; use score-model … instead")
    if spec.origin is not None:
        says = f"hidden by the package autoppia_iwa at {Path(spec.origin).parent}; use score-model … instead"
        return Finding(what, False, says)
    try:
        found = find_spec(f"{_DOCUMENTED_MODULES}.build_score_model_training_dataset")
    except ModuleNotFoundError:
        found = None
    if found is None:
        return Finding(what, False, "hidden by another checkout of autoppia_iwa; use score-model … instead")
    return Finding(what, True, "runs the same commands as score-model")


def _data_dir(folder: Path) -> Finding:
    existing = folder
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    writable = existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)
    return Finding("data", writable, f"{folder.absolute()}{'' if writable else ' is not writable'}")


def _settings() -> list[Finding]:
    from score_model.client import leaderboard_endpoint

    endpoint = leaderboard_endpoint(variable("AUTOPPIA_LEADERBOARD_URL"))
    task_api = variable("AUTOPPIA_PROD_BASE_URL")
    secrets = ("AUTOPPIA_PROD_API_TOKEN", "AUTOPPIA_LEADERBOARD_API_KEY")
    return [
        Finding("leaderboard", None, endpoint),
        Finding("task API", None, task_api or "AUTOPPIA_PROD_BASE_URL is not set"),
        *(Finding(name, None, "set" if variable(name) else "not set") for name in secrets),
        Finding(SETTINGS_FILE, None, "read" if Path(SETTINGS_FILE).exists() else "not there"),
    ]
