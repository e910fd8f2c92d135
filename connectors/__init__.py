"""Connectors, the code that reads sources of contacts.

A new connector is one module here, one line in `registry.py` and one class in
`tests/connectors/` that inherits the contract tests. `base.py` is the contract and
`csv/` an example. Its keys are described in `docs/connectors/<word>.md`.
"""
