"""The demo directory: what is served where there is no configuration.

Invented people, numbers set aside for fiction.
"""
