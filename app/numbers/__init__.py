"""From a written number to the digits that a phone dials."""
