"""Raw dumps to samples: flatten, dedupe, group, split, write; and reading them back."""

from score_model.dataset._audited import audit_rows
from score_model.dataset._build import Assess, Progress, build_dataset
from score_model.dataset._dedupe import Strategy
from score_model.dataset._group import group_of, split_of
from score_model.dataset._mask import mask_intent
from score_model.dataset._parquet import write_parquet
from score_model.dataset._paths import DatasetPaths
from score_model.dataset._result import BuildCounts, BuildResult, Conflict, Label, PassSeconds
from score_model.dataset._row import AuditRow
from score_model.dataset._samples import load_samples
from score_model.dataset._work import mask_actions

__all__ = [
    "Assess",
    "AuditRow",
    "BuildCounts",
    "BuildResult",
    "Conflict",
    "DatasetPaths",
    "Label",
    "PassSeconds",
    "Progress",
    "Strategy",
    "audit_rows",
    "build_dataset",
    "group_of",
    "load_samples",
    "mask_actions",
    "mask_intent",
    "split_of",
    "write_parquet",
]
