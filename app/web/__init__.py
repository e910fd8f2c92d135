"""The web worker process: from a request to bytes."""
