"""Contacts from CardDAV address books (RFC 6352)."""
