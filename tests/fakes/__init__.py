"""A stateful API that misbehaves on command, over real HTTP on loopback."""
