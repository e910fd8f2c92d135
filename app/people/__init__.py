"""What became of each person: the builder writes it, operators look it up."""
