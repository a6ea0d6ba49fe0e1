"""Who holds a port."""

import socket
from collections.abc import Mapping

import psutil


class PortsTaken(RuntimeError):
    """Ports that the stack needs are held by others; the text says which, by what, and how to move ours."""


def check_free(ports: Mapping[str, int]) -> None:
    """See that every port (by the name of the program that wants it) can be had on loopback.

    Raises:
        PortsTaken: naming every one that cannot, and what holds it where that can be known.
    """
    wanted = list(ports.values())
    double = [
        f"{name} and another program both want port {port}" for name, port in ports.items() if wanted.count(port) > 1
    ]
    taken = [
        f"port {port} for {name} is held by {holder(port)}; stop that, or move ours with {variable(name)}=<port>"
        for name, port in ports.items()
        if not is_free(port)
    ]
    if double or taken:
        raise PortsTaken("\n".join(double + taken))


def variable(name: str) -> str:
    """The environment variable that moves a program's port: `REGISTRY_PORT`."""
    return f"{name.upper()}_PORT"


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of loopback now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def holder(port: int) -> str:
    """The process that listens on `port`, as a person would look for it."""
    for connection in psutil.net_connections(kind="tcp"):
        if connection.laddr and connection.laddr.port == port and connection.status == psutil.CONN_LISTEN:
            if connection.pid is None:
                break
            try:
                command = " ".join(psutil.Process(connection.pid).cmdline())[:120]
            except psutil.Error:
                command = "a process that cannot be looked at"
            return f"process {connection.pid} ({command})"
    return "a process of another user"
