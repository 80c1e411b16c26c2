"""Features: what a task and an agent's behaviour look like as numbers, and nothing of what came of it.

Pure functions from an Observation and, where there is a trace, a Behaviour; neither has a place for an outcome.
Training and serving call the same ones. Writing tables needs the extra `train`; features need nothing but the core.
"""

from score_model.features._behaviour import Behaviour, SeenStep, Target, behaviour_of, behaviour_of_records, prefix
from score_model.features._build import build_features
from score_model.features._columns import Column
from score_model.features._document import schema_document
from score_model.features._episode import ReadEpisode, episode_features, episode_text, read_episode
from score_model.features._episode_columns import EPISODE_COLUMNS
from score_model.features._masks import whole_characters
from score_model.features._pages import Page, PageReader
from score_model.features._report import FeaturesReport, UnusedTrace
from score_model.features._sources import TraceFolder
from score_model.features._step_columns import STEP_COLUMNS
from score_model.features._steps import step_features

__all__ = [
    "EPISODE_COLUMNS",
    "STEP_COLUMNS",
    "Behaviour",
    "Column",
    "FeaturesReport",
    "Page",
    "PageReader",
    "ReadEpisode",
    "SeenStep",
    "Target",
    "TraceFolder",
    "UnusedTrace",
    "behaviour_of",
    "behaviour_of_records",
    "build_features",
    "episode_features",
    "episode_text",
    "prefix",
    "read_episode",
    "schema_document",
    "step_features",
    "whole_characters",
]
