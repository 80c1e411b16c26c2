"""score-model: one program, one subcommand per file, loaded when it is called."""

import os
import sys
from collections.abc import Sequence

import cyclopts
from cyclopts.config import Dict

from score_model.cli._console import say
from score_model.cli._environment import SETTINGS_FILE, command_settings
from score_model.errors import ScoreModelError, UsageError
from score_model.extras import missing_extra

INTERRUPTED = 130

_HELP = """How good is this sequence of browser actions for this task?

Turns a web-agent arena's recorded work (task + solution + score) into a
deduplicated, split, audited dataset.

Try it without an account or a network, then point it at production:

    score-model demo
    score-model mirror --website autocinema --pages-per-filter 1

Settings: flag > environment > score_model.toml in the working directory >
default. Credentials come from the environment only: AUTOPPIA_PROD_API_TOKEN
(bearer token) and AUTOPPIA_LEADERBOARD_API_KEY (query key).

Exit codes: 0 done · 1 finished, but some items failed · 2 wrong usage or bad
input · 3 the remote side refused · 4 the remote side was not reachable ·
130 interrupted.
"""

_COMMANDS = {
    "mirror": ("score_model.cli.mirror:mirror", "Crawl the leaderboard into a raw dump and an audited dataset."),
    "dataset": ("score_model.cli.dataset:app", "Build a dataset from raw dumps, audit one, or correct its labels."),
    "replay": ("score_model.cli.replay:replay", "Replay recorded solutions in a real browser: traces and verdicts."),
    "features": ("score_model.cli.features:features", "Turn a dataset, traces or both into tables of features."),
    "train": ("score_model.cli.train:train", "Train a score model and report how well it does."),
    "evaluate": ("score_model.cli.evaluate:evaluate", "Measure a model on held-out rows, beside its baselines."),
    "score": ("score_model.cli.score:score", "Score answers: probability of success, expected score, reasons."),
    "rank": ("score_model.cli.rank:rank", "Rank the answers to each task, best first."),
    "tasks": ("score_model.cli.tasks:app", "Work on tasks of the production API: list, claim, submit, watch."),
    "arena": ("score_model.cli.arena:app", "Run a local leaderboard: serve, seed, import."),
    "demo": ("score_model.cli.demo:demo", "The whole job on this machine: arena, evaluation, mirror, audit, replay."),
    "doctor": ("score_model.cli.doctor:doctor", "Check this installation and what it would talk to."),
}


_SHARED_SETTINGS = {"data_dir"}
_NO_FLAGS = {"replay": {"sites"}}  # tables that a command reads by itself


def build_app(*, overview: bool = False) -> cyclopts.App:
    """The command-line application, with the settings file of the working directory. Raises UsageError if it is bad.

    A command's own help is its docstring; for an `overview` each command has one sentence and none is imported.
    """
    settings = command_settings()
    if unknown := sorted(settings.keys() - _COMMANDS.keys() - _SHARED_SETTINGS):
        raise UsageError(f"{SETTINGS_FILE}: no command or setting is called {', '.join(unknown)}")
    flags = {
        name: {key: given for key, given in value.items() if key not in _NO_FLAGS.get(name, ())}
        if isinstance(value, dict)
        else value
        for name, value in settings.items()
    }
    shared = {name: value for name, value in settings.items() if not isinstance(value, dict)}
    app = cyclopts.App(
        name="score-model",
        help=_HELP,
        help_format="plaintext" if overview else "markdown",  # Markdown costs 50 ms
        version_flags=["--version"],
        default_parameter=cyclopts.Parameter(negative=()),
        config=[
            Dict(flags, source=SETTINGS_FILE),
            Dict(shared, source=SETTINGS_FILE, use_commands_as_keys=False, allow_unknown=True),
        ],
        suppress_keyboard_interrupt=False,
        result_action="return_value",
        exit_on_error=False,
        print_error=False,
    )
    for name, (target, summary) in _COMMANDS.items():
        app.command(target, name=name, help=summary if overview else None)
    return app


def run(arguments: Sequence[str]) -> int:
    """Runs one command line; returns its exit code. Every error of ours is one line on stderr."""
    try:
        overview = not arguments or arguments[0] in ("--help", "-h")
        result = build_app(overview=overview)(list(arguments))
    except cyclopts.CycloptsError as error:
        error.verbose = False
        say(f"score-model: {' '.join(str(error).split())}")
        return UsageError.exit_code
    except ScoreModelError as error:
        say(f"score-model: {error}")
        return error.exit_code
    except ModuleNotFoundError as error:  # of a library that a command imports where it needs it
        missing = missing_extra(error, f"score-model {arguments[0]}")
        if missing is error:
            raise
        say(f"score-model: {missing}")
        return UsageError.exit_code
    except KeyboardInterrupt:
        say("score-model: interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output is gone; keep the interpreter from complaining about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:  # a full disk, a folder in the way, a file that may not be read
        say(f"score-model: {error.filename or 'a file'}: {error.strerror or error}")
        return UsageError.exit_code
    return result if isinstance(result, int) else 0


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of `score-model` and, with the command in front, of the documented module paths."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))
