"""Adapt messages of connectors."""


def with_source_name(text: str, source: str) -> str:
    """Return a connector's advice with "login SOURCE" replaced by the source's name.

    A connector does not know the name of its source.
    """
    return text.replace("login SOURCE", f"login {source}")
