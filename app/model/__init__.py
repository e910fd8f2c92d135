"""Values that all parts share: screens, text, names, profiles."""
