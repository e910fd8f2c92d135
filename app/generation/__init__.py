"""Write, publish and read generation files, which hold the finished rows of all books."""
