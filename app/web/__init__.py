"""Web worker process, which answers HTTP requests of phones and people."""
