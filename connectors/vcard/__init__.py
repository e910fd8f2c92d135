"""Contacts from vCards (RFC 6350, RFC 2426, vCard 2.1)."""
