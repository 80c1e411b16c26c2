"""Features: what a task and an agent's behaviour look like as numbers, and nothing of what came of it.

Pure functions from an Observation and, where there is a trace, a Behaviour; neither has a place for an outcome.
Training and serving call the same ones. Writing tables needs the extra `train`; features need nothing but the core.
"""

from score_model.features._behaviour import Behaviour, SeenStep, Target, behaviour_of, behaviour_of_records, prefix
from score_model.features._build import REPORT, build_features
from score_model.features._episode import ReadEpisode, episode_features, episode_text, read_episode
from score_model.features._pages import Page, PageReader
from score_model.features._schema import EPISODE_COLUMNS, STEP_COLUMNS, Column, schema_document
from score_model.features._sources import FeaturesReport, TraceFolder, UnusedTrace
from score_model.features._steps import step_features
from score_model.features._texts import whole_characters

__all__ = [
    "EPISODE_COLUMNS",
    "REPORT",
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
