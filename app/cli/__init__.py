"""Commands of the command line, with one module for one or a few commands."""
