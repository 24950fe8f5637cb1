"""Where Vega-Lite runs: a process of its own, which reads a spec a line and answers with its SVG a line.

Beside a server's threads it would hold all of them up while it draws (it keeps Python's lock), hang for ever in a child
that is forked later, and end them all with itself: its Rust aborts the process it is in, as it does at a control character in
a name. So it has a process of its own for each worker that draws, begun with the first drawing, gone with the worker.
"""

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time

#: Seconds in which a drawing comes. The first of a process takes one or two, the others a twentieth of one.
PATIENCE = 20

#: Run as a script that finds nothing of this package: ``-P`` keeps the folder off its path.
COMMAND = [sys.executable, "-P", __file__]


class CannotDraw(Exception):
    """No drawing came: the spec was refused, or the process ended or took too long."""


class Press:
    """Draws one spec after the other, from whichever thread; a process that ended is begun again with the next."""

    def __init__(self, command=COMMAND, patience=PATIENCE):
        self._command, self._patience = command, patience
        self._begin_with_nothing()
        # A child has neither the thread that may hold the lock, nor a say in its parent's process.
        os.register_at_fork(after_in_child=self._begin_with_nothing)

    def drawn(self, spec):
        """The SVG of a Vega-Lite spec; `CannotDraw`."""
        line = json.dumps(spec).encode() + b"\n"
        with self._lock:
            answer = self._answer_to(line)
        if "svg" not in answer:
            raise CannotDraw(f"refused by {answer.get('failed')}")
        return answer["svg"]

    def stop(self):
        """Ends its process, if there is one."""
        with self._lock:
            self._end()

    def _begin_with_nothing(self):
        self._lock, self._process = threading.Lock(), None

    def _answer_to(self, line):
        if self._process is None or self._process.poll() is not None:
            self._end()
            # What it says of itself may quote a name, and isn't for our log.
            self._process = subprocess.Popen(  # noqa: S603
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
            return json.loads(self._line())
        except BaseException as failed:
            # Whatever it still says would be taken for the answer to the next.
            self._end()
            if isinstance(failed, (OSError, ValueError)):
                raise CannotDraw("its process ended") from None
            raise

    def _line(self):
        until, told, out = time.monotonic() + self._patience, b"", self._process.stdout.fileno()
        while not told.endswith(b"\n"):
            if not select.select([out], [], [], max(0, until - time.monotonic()))[0]:
                raise CannotDraw("took too long")
            more = os.read(out, 1 << 16)
            if not more:
                raise CannotDraw("its process ended")
            told += more
        return told

    def _end(self):
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for one in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    one.close()
            process.wait()


def _print_lines():
    """The process: until its input ends, which it does with whoever asked."""
    import vl_convert

    for line in sys.stdin.buffer:
        try:
            # What is drawn is in the spec: nothing is fetched.
            answer = {"svg": vl_convert.vegalite_to_svg(json.loads(line), allowed_base_urls=[])}
        except Exception as failed:
            answer = {"failed": type(failed).__name__}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _print_lines()
