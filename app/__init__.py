"""Directory gateway, which shows contacts from many sources on Cisco desk phones.

See `docs/` and the decision notes there.
"""
