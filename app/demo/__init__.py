"""The demo directory, which is used where --demo asks for it.

Invented people, numbers set aside for fiction.
"""
