"""Read a response as a strict Cisco phone does, and list what any phone might refuse."""
