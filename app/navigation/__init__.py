"""Turn a path that a phone requests into a screen."""
