"""What a trace may hold. The writer keeps to it, so that every trace that was written can be read."""

MAX_BYTES = 2 << 30
"""Bytes of JSON lines in a trace."""

MAX_LOADED_BYTES = 512 << 20
"""Bytes of JSON lines in a trace that is loaded whole, unless told otherwise."""

MAX_LINE_BYTES = 32 << 20
"""Bytes of one line: two pages, two screenshots and the events of one action."""

MAX_STEPS = 10_000
"""Steps of a trace."""
