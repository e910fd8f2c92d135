"""Carry out a Dockerfile without a container engine."""
