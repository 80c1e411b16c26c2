"""One row of features for one episode: the same function in training and in serving."""

from score_model.constraints import match_texts
from score_model.contract import Observation
from score_model.features._action_features import Values, action_features, intent_features
from score_model.features._action_texts import texts_of
from score_model.features._behaviour import Behaviour
from score_model.features._episode_columns import EPISODE_COLUMNS
from score_model.features._satisfaction import bounded, intent_of, login_of, text_features
from score_model.features._trace_features import trace_features

_NAMES = tuple(column.name for column in EPISODE_COLUMNS)


def episode_features(observation: Observation, behaviour: Behaviour | None) -> Values:
    """The columns of EPISODE_COLUMNS, in their order; None for what can't be told.

    `behaviour` is None where there is no trace: so are then the columns that need one. Depends on nothing else: the
    same two arguments always give the same numbers.
    """
    intent = intent_of(observation.intent)
    texts = [texts_of(action) for action in observation.actions]
    typed = [text for each in texts for text in each.typed]
    login = login_of(intent)
    values: Values = {
        **intent_features(intent),
        **action_features(observation, texts, intent),
        **text_features("typed", intent, typed),
        **text_features("acted", intent, [text for each in texts for text in each.all()]),
        "login_satisfied": match_texts(login, bounded(typed)).share if login.constraints else None,
    }
    if behaviour is not None:
        values |= trace_features(observation, behaviour, intent)
    row: Values = dict.fromkeys(_NAMES)
    row |= {name: float(value) for name, value in values.items() if value is not None}
    return row
