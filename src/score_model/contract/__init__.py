"""The records that cross a boundary, and the only place where their spellings are parsed.

The verbs of actions are one class each in `contract.actions`.
"""

from score_model.contract._action_parsing import parse_action, parse_actions
from score_model.contract._evaluation import (
    Check,
    CheckEventTest,
    Criterion,
    DataExtractionTest,
    JudgedTest,
    Operator,
    TaskTest,
    UnknownTest,
    parse_test,
)
from score_model.contract._leaderboard import (
    AgentRun,
    Evaluation,
    LeaderboardEntry,
    RawLine,
    Solution,
    Task,
    decode_entry,
    text_id,
    unknown_fields,
)
from score_model.contract._placeholders import AGENT_ID, fill_action, fill_placeholders, split_at_placeholders
from score_model.contract._sample import LABEL_QUALITIES, SCHEMA_VERSION, SPLITS, Observation, Outcome, Override, Sample
from score_model.contract._seed_rule import find_seed_fault
from score_model.contract._selectors import (
    AttributeSelector,
    CssSelector,
    Selector,
    TextSelector,
    UnknownSelector,
    XPathSelector,
    parse_selector,
)
from score_model.contract._sites import WEBSITE_BY_PORT, website_of_url
from score_model.contract._task_api import (
    Artifacts,
    ProductionSolution,
    ProductionTask,
    SolutionRequest,
    SolutionStatus,
    TaskStatus,
)
from score_model.contract._time import format_instant, parse_instant
from score_model.contract._urls import DEFAULT_PORTS, origin_of, origins_of_host, read_origin
from score_model.contract.actions import Action, UnknownAction

__all__ = [
    "AGENT_ID",
    "DEFAULT_PORTS",
    "LABEL_QUALITIES",
    "SCHEMA_VERSION",
    "SPLITS",
    "WEBSITE_BY_PORT",
    "Action",
    "AgentRun",
    "Artifacts",
    "AttributeSelector",
    "Check",
    "CheckEventTest",
    "Criterion",
    "CssSelector",
    "DataExtractionTest",
    "Evaluation",
    "JudgedTest",
    "LeaderboardEntry",
    "Observation",
    "Operator",
    "Outcome",
    "Override",
    "ProductionSolution",
    "ProductionTask",
    "RawLine",
    "Sample",
    "Selector",
    "Solution",
    "SolutionRequest",
    "SolutionStatus",
    "Task",
    "TaskStatus",
    "TaskTest",
    "TextSelector",
    "UnknownAction",
    "UnknownSelector",
    "UnknownTest",
    "XPathSelector",
    "decode_entry",
    "fill_action",
    "fill_placeholders",
    "find_seed_fault",
    "format_instant",
    "origin_of",
    "origins_of_host",
    "parse_action",
    "parse_actions",
    "parse_instant",
    "parse_selector",
    "parse_test",
    "read_origin",
    "split_at_placeholders",
    "text_id",
    "unknown_fields",
    "website_of_url",
]
