"""Files in `state_dir` and memory that processes share."""
