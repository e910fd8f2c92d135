"""The demo directory, which is served without a configuration.

Invented people, numbers set aside for fiction.
"""
