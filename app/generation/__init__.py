"""Write, publish and read generation files, which hold the rows of all books."""
