"""From a phone's path to a screen."""
