"""What every server of ours shares: whom it admits, its limits, its errors, and how it is run."""

from score_model.web._admission import LOOPBACK_HOSTS, AllowedHosts, refuse_other_than_json
from score_model.web._app import WebApp
from score_model.web._errors import JSON, RefusedError, invalid_body, json_answer, refusal_of
from score_model.web._server import base_url_of, open_listener, run_apps

__all__ = [
    "JSON",
    "LOOPBACK_HOSTS",
    "AllowedHosts",
    "RefusedError",
    "WebApp",
    "base_url_of",
    "invalid_body",
    "json_answer",
    "open_listener",
    "refusal_of",
    "refuse_other_than_json",
    "run_apps",
]
