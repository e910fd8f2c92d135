"""Tests through the front door of a running gateway."""
