"""Tests of `app.cli.init`."""
