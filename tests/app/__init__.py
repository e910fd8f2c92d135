"""Tests of `app/`, laid out like it."""
