"""The command `init`: questions, discovery, a trial, and the writing of the files."""
