"""An SMTP server that does what a test tells it: the answer to each command, or to break off, or to say nothing."""

import base64
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import TracebackType

DROP, HANG = "drop", "hang"
EXTENSIONS = ("SIZE 100000", "8BITMIME", "SMTPUTF8", "AUTH PLAIN LOGIN")


@dataclass
class ScriptedSmtp:
    """`script` maps a step (CONNECT, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, BODY, DOT, RSET) to its answers.

    The last answer of a list stands for all later ones. DROP closes the connection, HANG never answers. BODY happens
    once the first line of the letter has come. `letters` are those that were acknowledged or whose dot was seen.
    """

    script: dict[str, list[str]] = field(default_factory=dict)
    extensions: tuple[str, ...] = EXTENSIONS
    tls: ssl.SSLContext | None = None
    tls_at_once: bool = False
    commands: list[str] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)
    signed_in: list[tuple[str, str]] = field(default_factory=list)
    connections: int = 0
    _open: list[socket.socket] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> "ScriptedSmtp":
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._done = threading.Event()
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for peer in self._open:
            with contextlib.suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)
        while self._threads:
            self._threads.pop().join(5)

    def _start(self, work: Callable[..., None], *arguments: socket.socket) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self._listener.accept()
                self.connections += 1
                self._open.append(peer)
                self._start(self._serve, peer)

    def _serve(self, peer: socket.socket) -> None:
        session = _Session(self, peer)
        with contextlib.suppress(OSError, ValueError, _Gone):
            session.run()
        session.close()

    def answer(self, step: str, usual: str) -> str:
        """What the script says for `step`; hanging and dropping happen here."""
        answers = self.script.get(step, [usual])
        said = answers.pop(0) if len(answers) > 1 else answers[0]
        if said == HANG:
            self._done.wait(20)
        if said in (DROP, HANG):
            raise _Gone
        return said


class _Gone(Exception):  # noqa: N818 - a turn of the script, not an error
    """The script says that the connection ends here."""


class _Session:
    def __init__(self, server: ScriptedSmtp, peer: socket.socket) -> None:
        self.server = server
        self._use(peer)

    def run(self) -> None:
        if self.server.tls_at_once:
            self._shield()
        self._say(self.server.answer("CONNECT", "220 scripted"))
        for line in self._lines():
            command = line.decode("utf-8").rstrip("\r\n")
            self.server.commands.append(command)
            verb = command.split(" ")[0].upper()
            getattr(self, f"_{verb.lower()}", self._other)(verb, command)

    def _other(self, verb: str, _: str) -> None:
        self._say(self.server.answer(verb, "250 2.0.0 fine"))

    def _ehlo(self, verb: str, _: str) -> None:
        offered = [*self.server.extensions]
        if self.server.tls and not isinstance(self.peer, ssl.SSLSocket):
            offered.append("STARTTLS")
        lines = ["scripted", *offered]
        usual = "\r\n".join([f"250-{line}" for line in lines[:-1]] + [f"250 {lines[-1]}"])
        self._say(self.server.answer(verb, usual))

    def _starttls(self, verb: str, _: str) -> None:
        said = self.server.answer(verb, "220 2.0.0 go ahead")
        self._say(said)
        if said.startswith("220"):
            self._shield()

    def _auth(self, verb: str, command: str) -> None:
        words = command.split(" ")
        if words[1] == "PLAIN":
            _, user, password = base64.b64decode(words[2]).decode().split("\0")
        else:
            user, password = self._asked("VXNlcm5hbWU6"), self._asked("UGFzc3dvcmQ6")
        self.server.signed_in.append((user, password))
        self._say(self.server.answer(verb, "235 2.7.0 welcome"))

    def _asked(self, question: str) -> str:
        self._say(f"334 {question}")
        return base64.b64decode(self.file.readline()).decode()

    def _data(self, verb: str, _: str) -> None:
        said = self.server.answer(verb, "354 go ahead")
        self._say(said)
        if not said.startswith("354"):
            return
        raw = b""
        for line in self._lines():
            if line == b".\r\n":
                self.server.letters.append(raw)
                self._say(self.server.answer("DOT", "250 2.0.0 taken"))
                return
            raw += line.removeprefix(b".")
            self.server.answer("BODY", "")

    def _quit(self, *_: str) -> None:
        self._say("221 2.0.0 bye")
        raise _Gone

    def close(self) -> None:
        self.file.close()
        with contextlib.suppress(OSError):
            self.peer.shutdown(socket.SHUT_RDWR)
        self.peer.close()

    def _shield(self) -> None:
        assert self.server.tls is not None
        self.file.close()
        raw, self.peer = (
            self.peer,
            self.server.tls.wrap_socket(self.peer, server_side=True, do_handshake_on_connect=False),
        )
        raw.close()
        self._use(self.peer)
        self.peer.do_handshake()

    def _use(self, peer: socket.socket) -> None:
        self.peer, self.file = peer, peer.makefile("rb")

    def _lines(self) -> Iterator[bytes]:
        while line := self.file.readline():
            yield line

    def _say(self, text: str) -> None:
        self.peer.sendall(text.encode() + b"\r\n")
