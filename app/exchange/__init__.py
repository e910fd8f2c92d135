"""How several hosts agree on who builds, and pass on what was built."""
