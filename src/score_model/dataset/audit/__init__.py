"""What would mislead someone who trains on a dataset, measured and said before training."""

from score_model.dataset.audit._assess import Assessment, assess
from score_model.dataset.audit._findings import closing_words, totals
from score_model.dataset.audit._report import AuditReport

__all__ = ["Assessment", "AuditReport", "assess", "closing_words", "totals"]
