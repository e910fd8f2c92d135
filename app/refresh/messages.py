"""Write messages about a source that fails."""

from app.state.status import SourceStatus, iso_time


def with_source_name(text: str, source: str) -> str:
    """Return a connector's advice with "login SOURCE" replaced by the source's name.

    A connector does not know the name of its source.
    """
    return text.replace("login SOURCE", f"login {source}")


def crash_site(error: Exception) -> str:
    """Return an exception's type, and the file and line where it was raised."""
    trace = error.__traceback__
    if trace is None:
        return type(error).__name__
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{type(error).__name__} {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"


def redacted(error: Exception) -> Exception:
    """Return an exception with the type's name and the traceback, but without the text.

    The text may contain data of the source.
    """
    text = f"{type(error).__name__} in a connector"
    return RuntimeError(text).with_traceback(error.__traceback__)


def next_fetch(status: SourceStatus) -> dict[str, str]:
    """Return the facts of a log line about the next fetch: its time, and files.

    A change of one of the files ends the wait before that time. Without a time nothing
    else ends it.
    """
    facts = {"next_try": iso_time(status.next_try), "waits_for": ", ".join(status.waits_for)}
    return {name: fact for name, fact in facts.items() if fact}
