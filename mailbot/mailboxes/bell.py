"""A bell that ends a wait in another thread at once, also a wait for a socket."""

import contextlib
import os
import select
import time


class Bell:
    """Rung before the wait begins, it ends that wait too: no ring is lost."""

    def __init__(self) -> None:
        self._hear, self._pull = os.pipe()
        os.set_blocking(self._hear, False)
        os.set_blocking(self._pull, False)

    def ring(self) -> None:
        with contextlib.suppress(BlockingIOError):  # full: it is ringing already
            os.write(self._pull, b"!")

    def wait(self, seconds: float, also: int | None = None) -> tuple[bool, bool]:
        """Whether the bell rang, and whether the file number `also` became readable, within `seconds`."""
        poll = select.poll()  # not select(), which ends at file number 1023
        for number in (self._hear, also):
            if number is not None:
                poll.register(number, select.POLLIN)
        ready = {number for number, _ in poll.poll(max(0.0, seconds) * 1000)}
        if self._hear in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._hear, 4096)
        return self._hear in ready, also in ready

    def pause(self, seconds: float) -> bool:
        """Wait `seconds`; True when the bell ended it."""
        end = time.monotonic() + seconds
        return self.wait(end - time.monotonic())[0]

    def close(self) -> None:
        os.close(self._hear)
        os.close(self._pull)
