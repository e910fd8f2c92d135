"""Tell systemd that the gateway serves (sd_notify(3)), if it waits for it."""

import socket


def report_ready(address: str) -> str:
    """Send READY=1 to systemd's socket; return why it could not be sent, or "".

    `address` is `$NOTIFY_SOCKET`: a path, or an abstract name after an @.
    """
    name = f"\0{address[1:]}" if address.startswith("@") else address
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.connect(name)
            sender.sendall(b"READY=1")
    except OSError as error:
        return error.strerror or str(error)
    return ""
