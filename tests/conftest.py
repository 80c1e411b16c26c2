"""What all tests share."""

import signal

import pytest
from hypothesis import settings

# Machines are noisy: a slow example says nothing about the code.
settings.register_profile("score-model", deadline=None)
settings.load_profile("score-model")

# Programs started from a shell's background ignore Ctrl-C, and so would the commands that tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first, everything else in its order: workers that start them last leave the others idle."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
