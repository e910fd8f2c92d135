"""How long tests wait, so that no result depends on how busy the machine is."""

PATIENCE = 120
"""Seconds for anything that must happen: an answer, the start or the end of a process.

It is only used up when a test fails.
"""
SHORT = 0.3
"""Seconds of a timeout of which a test expects that it passes."""
