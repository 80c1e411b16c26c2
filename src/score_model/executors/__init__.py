"""Executors: many jobs done side by side."""

from score_model.executors._executor import Executor
from score_model.executors._local_pool import LocalPool, first_error

__all__ = ["Executor", "LocalPool", "first_error"]
