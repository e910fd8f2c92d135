"""From `gateway.toml` to checked values."""
