"""What every server of ours shares: whom it admits, its limits, its errors, and how it is run."""

from score_model.web._admission import LOOPBACK_HOSTS, AllowedHosts, refuse_other_than_json
from score_model.web._app import WebApp
from score_model.web._errors import JSON, RefusedError, invalid_body, json_answer, refusal_of
from score_model.web._query import (
    ANY_CASE,
    BOOLEAN_SCHEMA,
    InvalidQueryError,
    missing_parameter,
    parameters_of,
    query_parameters,
    read_query,
)
from score_model.web._server import base_url_of, open_listener, run_apps

__all__ = [
    "ANY_CASE",
    "BOOLEAN_SCHEMA",
    "JSON",
    "LOOPBACK_HOSTS",
    "AllowedHosts",
    "InvalidQueryError",
    "RefusedError",
    "WebApp",
    "base_url_of",
    "invalid_body",
    "json_answer",
    "missing_parameter",
    "open_listener",
    "parameters_of",
    "query_parameters",
    "read_query",
    "refusal_of",
    "refuse_other_than_json",
    "run_apps",
]
