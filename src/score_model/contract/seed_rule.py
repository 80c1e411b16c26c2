"""The seed rule (export contract, section 4): a solution stays in the layout that its task names.

If the task's URL carries `?seed=N`, every URL that the solution navigates to must carry the same seed. Which host a URL
names is no matter of this rule: the fence refuses the others.

Our own readings, where the contract leaves a choice:
- Seeds are compared as numbers, and a `seed` of the task's URL that is no number demands nothing.
- A URL that carries several seeds must carry the right one each time: sites differ in which one they follow.
- A relative URL carries what its own query says; a seed behind `#` is none. A URL that can't be parsed carries none.
"""

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

from score_model.contract.actions import Action, Navigate

_MOST_PARAMETERS = 1_000
_LONGEST_SEED = 12
_SHOWN = 160  # characters of a URL


def find_seed_fault(start_url: str | None, actions: Iterable[Action]) -> str | None:
    """Return why the actions break the seed rule, or None if they keep it."""
    wanted = _seed_of_task(start_url)
    if wanted is None:
        return None
    for index, action in enumerate(actions):
        if isinstance(action, Navigate) and action.url is not None:
            fault = _fault(action.url, wanted)
            if fault is not None:
                return f"the task has seed {wanted}, but actions[{index}] navigates to {fault}: {_shown(action.url)}"
    return None


def _seed_of_task(url: str | None) -> int | None:
    seeds = _seeds(url) if url else None
    return next((seed for seed in seeds or () if seed is not None), None)


def _fault(url: str, wanted: int) -> str | None:
    seeds = _seeds(url)
    if seeds is None:
        return "a malformed URL"
    if not seeds:
        return "a URL without a seed"
    other = next((seed for seed in seeds if seed != wanted), wanted)
    if other == wanted:
        return None
    return "a URL with a seed that is no number" if other is None else f"a URL with seed {other}"


def _seeds(url: str) -> list[int | None] | None:
    """The seeds of a URL's query, None for one that is no number; None in all if the URL can't be parsed."""
    try:
        parts = urlsplit(url.strip())
        _ = parts.port  # raises for a port that is no number
        query = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return None
    return [_number(value.strip()) for name, value in query if name == "seed"]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_SEED else None


def _shown(url: str) -> str:
    return repr(url if len(url) <= _SHOWN else f"{url[:_SHOWN]}…")
