"""What all tests share."""

import signal

from hypothesis import settings

# Machines are noisy: a slow example says nothing about the code.
settings.register_profile("score-model", deadline=None)
settings.load_profile("score-model")

# Programs started from a shell's background ignore Ctrl-C, and so would the commands that tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)
