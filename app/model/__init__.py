"""Values that all packages share, such as screens, text, names and profiles."""
