"""Show what a Cisco phone displays for a response, and what its keys do."""
