"""Phone families: a screen in, the bytes for a phone out."""
