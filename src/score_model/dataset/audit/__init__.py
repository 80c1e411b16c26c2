"""What would mislead someone who trains on a dataset, measured and said before training."""

from score_model.dataset.audit._assess import Assessment, Audit, assess
from score_model.dataset.audit._findings import closing_words, totals
from score_model.dataset.audit._report import AuditReport

__all__ = ["Assessment", "Audit", "AuditReport", "assess", "closing_words", "totals"]
