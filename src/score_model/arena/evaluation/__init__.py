"""Verdicts for what is handed in: a worker that replays solutions on websites of its own."""
