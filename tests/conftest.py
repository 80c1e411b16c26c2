"""What all tests share."""

from hypothesis import settings

# Machines are noisy: a slow example says nothing about the code.
settings.register_profile("score-model", deadline=None)
settings.load_profile("score-model")
