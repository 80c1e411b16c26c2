"""Raw dumps to samples: flatten, dedupe, group, split, write; and reading them back."""

from score_model.dataset._audited import audit_rows
from score_model.dataset._build import Assess, Progress, build_dataset
from score_model.dataset._dedupe import Strategy
from score_model.dataset._group import group_of, split_of
from score_model.dataset._mask import mask_intent
from score_model.dataset._overrides import Overrides, SampleId, read_overrides
from score_model.dataset._parquet import require_pyarrow, write_parquet
from score_model.dataset._paths import DatasetPaths
from score_model.dataset._relabel import Labelling, rewrite_labels
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
    "Labelling",
    "Overrides",
    "PassSeconds",
    "Progress",
    "SampleId",
    "Strategy",
    "audit_rows",
    "build_dataset",
    "group_of",
    "load_samples",
    "mask_actions",
    "mask_intent",
    "read_overrides",
    "require_pyarrow",
    "rewrite_labels",
    "split_of",
    "write_parquet",
]
