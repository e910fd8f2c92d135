"""Other ways to serve the same page, to measure against."""
