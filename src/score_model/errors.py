"""The whole exception tree.

    ScoreModelError                a user sees one line, never a traceback
    ├── UsageError                 wrong usage or bad input                      exit 2
    │   └── MissingExtraError      an optional part is not installed             exit 2
    ├── PluginError                a plug-in fails at its work                    exit 2
    ├── RemoteError
    │   ├── RemoteRefusedError     the remote side refused (auth, validation)    exit 3
    │   └── RemoteUnreachableError no usable answer after every retry            exit 4
    │       └── CircularListError  a list leads back to a page that was read     exit 4
    ├── ContractError              one row or record that breaks the contract: recorded with its reason and counted
    └── BrowserLostError           a browser or its page died or hangs: costs the replay that was in it

Anything else that reaches the top is a bug of ours and shows its traceback.
"""

from typing import ClassVar


class ScoreModelError(Exception):
    """Base of every error that score-model raises on purpose; its text is one line that says what is wrong."""

    exit_code: ClassVar[int] = 1


class UsageError(ScoreModelError):
    """Wrong usage or bad input; the text says what to do instead."""

    exit_code = 2


class MissingExtraError(UsageError):
    """A feature needs an optional dependency that is not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs the extra '{extra}': pip install 'score-model[{extra}]'")


class PluginError(ScoreModelError):
    """A plug-in fails at its work; the text names it. No input is at fault, so that nothing takes it for that."""

    exit_code = 2


class RemoteError(ScoreModelError):
    """The remote side did not give what was asked for."""


class RemoteRefusedError(RemoteError):
    """A final refusal: the text holds what the server said.

    `status` is the HTTP status code.
    """

    exit_code = 3

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


class RemoteUnreachableError(RemoteError):
    """Transport errors, overload or unusable answers that outlasted every retry."""

    exit_code = 4


class CircularListError(RemoteUnreachableError):
    """A list of the remote side whose next page is one that was read before: it would never end."""


class ContractError(ScoreModelError):
    """A record that breaks the contract; the text is the reason that is recorded with it."""


class BrowserLostError(ScoreModelError):
    """A browser, or the page of a replay, crashed or hangs: what was done in it must be done again."""


def first_error(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the first of the errors that ended a group of tasks."""
    error = group.exceptions[0]
    return first_error(error) if isinstance(error, BaseExceptionGroup) else error
