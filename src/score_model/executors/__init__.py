"""Executors: many jobs done side by side."""

from score_model.executors._executor import Executor
from score_model.executors._local_pool import LocalPool

__all__ = ["Executor", "LocalPool"]
