"""An IMAP server with the oddities of real ones: a few commands, and answers that a test may replace."""

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

Answer = Callable[[str], Iterable[bytes]]
_DATE = b'"04-May-2026 09:30:00 +0100"'


class Gone(Exception):  # noqa: N818 - a turn of the script, not an error
    """The connection ends here."""


@dataclass
class ScriptedImap:
    """`messages` by UID, in order. `script` maps the beginning of a command to what answers it instead of the usual:

    a function from the command's text to lines before the final OK; raising Gone breaks off, Refused says NO.
    """

    messages: dict[int, bytes] = field(default_factory=dict)
    capabilities: str = "IMAP4rev1 IDLE UIDPLUS"
    lasting_flags: str = r"\Seen \Deleted \*"
    script: dict[str, Answer] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    idle_hears: list[bytes] = field(default_factory=list)  # said in one breath with "+ idling"
    hush: bool = False  # no answer to DONE
    _peers: list[socket.socket] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> "ScriptedImap":
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.break_off()
        while self._threads:
            self._threads.pop().join(5)

    def break_off(self) -> None:
        """End every connection, as a router does that forgets them."""
        for peer in self._peers:
            with contextlib.suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)

    def say(self, line: bytes) -> None:
        """Say something unasked on every connection."""
        for peer in self._peers:
            with contextlib.suppress(OSError):
                peer.sendall(line + b"\r\n")

    def _start(self, work: Callable[..., None], *arguments: socket.socket) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self._listener.accept()
                self._peers.append(peer)
                self._start(self._serve, peer)

    def _serve(self, peer: socket.socket) -> None:
        with contextlib.suppress(OSError, Gone), peer, peer.makefile("rb") as file:
            peer.sendall(b"* OK ready\r\n")
            for line in file:
                tag, _, command = line.decode().rstrip("\r\n").partition(" ")
                self.commands.append(command)
                if command == "IDLE":
                    peer.sendall(b"\r\n".join([b"+ idling", *self.idle_hears, b""]))
                    self.idle_hears = []
                    file.readline()
                    if self.hush:
                        continue
                peer.sendall(self._answer(tag, command))

    def _answer(self, tag: str, command: str) -> bytes:
        answer = next((said for start, said in self.script.items() if command.startswith(start)), self._usual)
        try:
            lines = [*answer(command), f"{tag} OK done".encode()]
        except Refused as refusal:
            lines = [f"{tag} NO {refusal}".encode()]
        return b"\r\n".join(lines) + b"\r\n"

    def _usual(self, command: str) -> Iterable[bytes]:
        name = "_" + command.lower().removeprefix("uid ").split(" ")[0]
        return getattr(self, name, lambda _: [])(command)  # type: ignore[no-any-return]

    def _capability(self, _: str) -> Iterable[bytes]:
        return [f"* CAPABILITY {self.capabilities}".encode()]

    def _select(self, command: str) -> Iterable[bytes]:
        mode = "READ-ONLY" if command.startswith("EXAMINE") else "READ-WRITE"
        yield b"* FLAGS ()"
        yield f"* {len(self.messages)} EXISTS".encode()
        yield f"* OK [PERMANENTFLAGS ({self.lasting_flags})] these last".encode()
        yield b"* OK [UIDVALIDITY 7] valid"
        yield f"* OK [{mode}] chosen".encode()

    _examine = _select

    def _search(self, command: str) -> Iterable[bytes]:
        """`UID SEARCH low:high UID n:*`, where n:* names the last message in any case (RFC 3501)."""
        low, high, after = re.fullmatch(r"UID SEARCH (\d+):(\d+|\*) UID (\d+):\*", command).groups()  # type: ignore[union-attr]
        uids = list(self.messages)
        part = uids[int(low) - 1 : None if high == "*" else int(high)]
        found = [uid for uid in part if uid >= int(after) or uid == uids[-1]]
        return [("* SEARCH " + " ".join(map(str, found))).encode()]

    def _fetch(self, command: str) -> Iterable[bytes]:
        for uid in self.asked(command):
            raw = self.messages[uid]
            if "RFC822.SIZE" in command:
                yield b"* 1 FETCH (UID %d RFC822.SIZE %d INTERNALDATE %s)" % (uid, len(raw), _DATE)
            else:
                yield b"* 1 FETCH (UID %d BODY[] {%d}\r\n%s)" % (uid, len(raw), raw)

    def asked(self, command: str) -> list[int]:
        return [uid for uid in map(int, command.split(" ")[2].split(",")) if uid in self.messages]


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """The server says NO."""
