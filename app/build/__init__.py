"""The builder process: from stored contacts to a published generation."""
