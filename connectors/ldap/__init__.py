"""Contacts from LDAP directories (RFC 4511)."""
