"""Processes that act at the same moment: forked from the test's own, so that they are there at once."""

import multiprocessing
import os
import sys
import traceback

from django.db import connection, connections


def at_once(act, arguments):
    """Runs ``act(*one)`` for each of ``arguments`` in a process of its own, all let go at the same moment.

    Answers their exit codes: 0 where it came to its end, else what it left with, or 1 for a fault, which is printed.
    """
    context = multiprocessing.get_context("fork")
    connections.close_all()  # a forked connection is nobody's
    ready, go = context.Semaphore(0), context.Event()

    def run(*one):
        try:
            connections.close_all()
            connection.ensure_connection()
            ready.release()
            go.wait(300)
            act(*one)
            connections.close_all()
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)

    processes = [context.Process(target=run, args=one) for one in arguments]
    for process in processes:
        process.start()
    for _ in processes:
        assert ready.acquire(timeout=300)
    go.set()
    for process in processes:
        process.join(300)
    return [process.exitcode for process in processes]
