"""The websites of a run: which there are, where they run, whether they answer, and where their events are."""
