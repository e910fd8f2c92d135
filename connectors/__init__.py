"""Connectors: the code that reads one kind of source of contacts.

To write one, read `base.py` (the contract) and `csv.py` (an example). Then write one file here, add one line to `registry.py`
and one class to `tests/connectors/` that names your connector and inherits the contract tests; describe its keys in
`docs/connectors/<word>.md`. Nothing else needs to change. This package never imports `app`.
"""
