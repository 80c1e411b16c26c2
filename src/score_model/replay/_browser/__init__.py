"""The browser of a replay: a pool of contexts, the fence around them, the clock, and when a page is idle."""
