"""One row of features for one episode: the same function in training and in serving."""

from collections.abc import Sequence
from typing import NamedTuple

from score_model.constraints import Intent, match_texts
from score_model.contract import Observation
from score_model.features._action_features import (
    ReadAction,
    Values,
    action_features,
    intent_features,
    read_action,
    text_of,
)
from score_model.features._behaviour import Behaviour
from score_model.features._satisfaction import bounded, intent_of, login_of, text_features
from score_model.features._schema import EPISODE_COLUMNS
from score_model.features._trace_features import trace_features

_NAMES = tuple(column.name for column in EPISODE_COLUMNS)


class ReadEpisode(NamedTuple):
    """An observation, read once for its features and its text: its intent parsed, and what each action says."""

    observation: Observation
    intent: Intent
    actions: Sequence[ReadAction]

    @property
    def text(self) -> str:
        """See episode_text."""
        return text_of(self.observation.intent, (action.line for action in self.actions))

    def values(self, behaviour: Behaviour | None) -> Values:
        """See episode_features; in no order, and columns may be missing that can't be told."""
        intent, login = self.intent, login_of(self.intent)
        typed = [text for action in self.actions for text in action.typed]
        acted = [text for action in self.actions for text in action.texts]
        values: Values = {
            **intent_features(intent),
            **action_features(self.observation, self.actions, typed, intent),
            **text_features("typed", intent, typed),
            **text_features("acted", intent, acted),
            "login_satisfied": match_texts(login, bounded(typed)).share if login is not None else None,
        }
        if behaviour is not None:
            values |= trace_features(self.observation, behaviour, intent)
        return values


def read_episode(observation: Observation) -> ReadEpisode:
    """The observation, read."""
    return ReadEpisode(observation, intent_of(observation.intent), [*map(read_action, observation.actions)])


def episode_features(observation: Observation, behaviour: Behaviour | None) -> Values:
    """The columns of EPISODE_COLUMNS, in their order; None for what can't be told.

    `behaviour` is None where there is no trace: so are then the columns that need one. Depends on nothing else: the
    same two arguments always give the same numbers.
    """
    row: Values = dict.fromkeys(_NAMES)
    values = read_episode(observation).values(behaviour)
    row |= {name: float(value) for name, value in values.items() if value is not None}
    return row


def episode_text(observation: Observation) -> str:
    """The intent and, line by line, what each action is and says: for models of words.

    What tells who acted is masked: numbers of accounts (`user80`), opaque ids, the seed. At most 20,000 characters.
    """
    return text_of(observation.intent, (read_action(action).line for action in observation.actions))
