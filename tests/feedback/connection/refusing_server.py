"""A server that turns every login away, in any language and encoding."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SSL_REQUEST, GSS_REQUEST = 80877103, 80877104


def error_response(fields: dict[str, bytes]) -> bytes:
    """Return the protocol's message of an error; fields: by their one letter."""
    body = b"".join(key.encode() + value + b"\0" for key, value in fields.items()) + b"\0"
    return b"E" + struct.pack("!i", len(body) + 4) + body


@contextmanager
def refusing_server(answer: bytes, *, to_tls: bytes = b"N") -> Iterator[int]:
    """Give the port of a server that says `answer` to whoever logs in, and hangs up."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            connection: socket.socket = self.request
            connection.settimeout(5)
            while head := connection.recv(4, socket.MSG_WAITALL):
                rest = connection.recv(struct.unpack("!i", head)[0] - 4, socket.MSG_WAITALL)
                if struct.unpack("!i", rest[:4])[0] not in (SSL_REQUEST, GSS_REQUEST):
                    connection.sendall(answer)
                    return
                connection.sendall(to_tls)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()
