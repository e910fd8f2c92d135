"""Start, watch and restart the web workers and the builder."""
