"""Contacts from Google's People API."""
