"""From words to index terms, and from a query to an index expression."""
