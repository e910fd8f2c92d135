"""The words that phones show, and the order of letters, in each language."""
