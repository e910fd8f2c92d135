"""Files that a phone loads when it starts: their lines, whole files, and checks."""
