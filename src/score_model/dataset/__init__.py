"""Raw dumps to samples: flatten, dedupe, group, split, write; and reading them back."""

from score_model.dataset._action_masks import mask_actions
from score_model.dataset._audit_rows import AuditRow, audit_rows
from score_model.dataset._build import Progress, build_dataset
from score_model.dataset._dedupe import Strategy
from score_model.dataset._overrides import Labelling, Overrides, SampleId, read_overrides, rewrite_labels
from score_model.dataset._parquet import require_pyarrow, write_parquet
from score_model.dataset._result import BuildResult, DatasetPaths, Label
from score_model.dataset._samples import load_samples
from score_model.dataset._split import group_of, mask_intent, split_of

__all__ = [
    "AuditRow",
    "BuildResult",
    "DatasetPaths",
    "Label",
    "Labelling",
    "Overrides",
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
