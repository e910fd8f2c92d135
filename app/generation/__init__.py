"""The published file: rows in reading order with a search index."""
