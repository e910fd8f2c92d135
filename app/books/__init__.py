"""From contacts to the rows of a book."""
