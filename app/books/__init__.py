"""Select, merge and list the contacts of a book."""
