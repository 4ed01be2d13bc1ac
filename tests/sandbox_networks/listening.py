"""A socket on a free port, known before the server starts."""

import socket


def bound() -> socket.socket:
    """Listens on 127.0.0.1."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    listener.setblocking(False)
    return listener
