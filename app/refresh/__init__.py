"""Keep a source's contacts fresh."""
