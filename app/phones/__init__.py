"""Write screens in the format of each phone family."""
