"""The process behind `Worker`: order, failures, and what is left of it."""

from __future__ import annotations

import io
import os
import pickle
import shlex
import signal
import tempfile
import threading
import time
import unittest
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow as pa
from images import batch, command

from swift_openclip import Worker, WorkerError


def batches(count: int) -> list[pa.RecordBatch]:
    return [batch(range(5 * number, 5 * number + 5)) for number in range(count)]


def script(folder: Path, behaviour: str, noted: Path) -> list[str]:
    """A script that runs the double without `exec`, and notes its process."""
    file = folder / "script"
    program = f"echo $$ > {noted}.tmp; mv {noted}.tmp {noted}; exec {shlex.join(command(behaviour))}"
    file.write_text(f"#!/bin/sh\nsh -c {shlex.quote(program)}\nexit $?\n")
    file.chmod(0o755)
    return [str(file)]


def until(condition: Callable[[], bool]) -> None:
    """Waits for what must happen."""
    while not condition():
        time.sleep(0.01)


def is_running(process: int) -> bool:
    """Whether a process exists; one that has ended and is not yet collected does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def large(count: int) -> list[pa.RecordBatch]:
    """Batches of which each, and its results, are more than a pipe holds."""
    return [batch(range(2000 * number, 2000 * number + 2000)) for number in range(count)]


def in_time(action: Callable[[], Any]) -> Any:
    """Does what must not take for ever, and returns its result or raises its error."""
    outcome: Future[Any] = Future()

    def run() -> None:
        try:
            outcome.set_result(action())
        except BaseException as error:
            outcome.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return outcome.result(timeout=120)


class Closed(io.StringIO):
    """A standard error that nobody reads any more."""

    def write(self, text: str, /) -> int:
        raise BrokenPipeError(text)


class WorkerTests(unittest.TestCase):
    def failure(self, behaviour: str) -> WorkerError:
        with self.assertRaises(WorkerError) as raised, Worker(command(behaviour)) as worker:
            list(worker.map(batches(50)))
        self.assertTrue(worker._process.has_ended)
        return raised.exception

    def test_an_engines_number_of_threads_is_not_the_workers(self) -> None:
        program = ["sh", "-c", "echo threads: ${OMP_NUM_THREADS-all} >&2; exit 64"]
        for given, expected in (({}, "threads: all"), ({"OMP_NUM_THREADS": "3"}, "threads: 3")):
            with (
                mock.patch.dict(os.environ, OMP_NUM_THREADS="1"),
                self.assertRaisesRegex(WorkerError, expected),
                Worker(program, given) as worker,
            ):
                list(worker.map(batches(1)))

    def test_results_are_in_order(self) -> None:
        with Worker(command()) as worker:
            results = list(worker.map(batches(50)))
        self.assertEqual([row for result in results for row in result["id"].to_pylist()], [str(n) for n in range(250)])
        self.assertEqual(worker._process.wait(), 0)

    def test_the_process_is_kept_from_one_call_to_the_next(self) -> None:
        with Worker(command()) as worker:
            first = list(worker.map(batches(2)))
            self.assertEqual(list(worker.map(batches(2))), first)

    def test_a_worker_without_input_ends(self) -> None:
        with Worker(command()) as worker:
            self.assertEqual(list(worker.map([])), [])

    def test_a_failure_has_exit_code_and_messages(self) -> None:
        error = self.failure("exit:66")
        self.assertEqual(error.exit_code, 66)
        self.assertIn("(exit code 66):\nerror: the stub fails as asked", str(error))
        self.assertFalse(error.is_temporary)

    def test_some_failures_are_temporary_also_after_a_journey(self) -> None:
        for code in (74, 75, 130, 137):
            error = pickle.loads(pickle.dumps(self.failure(f"exit:{code}")))
            self.assertTrue(error.is_temporary, code)
            self.assertIn("as asked", str(error))

    def test_a_signal_is_temporary(self) -> None:
        error = self.failure("killed")
        self.assertEqual(error.exit_code, -signal.SIGKILL)
        self.assertTrue(error.is_temporary)

    def test_what_a_script_runs_dies_with_it(self) -> None:
        for behaviour, images in (("slow", batches(1000)), ("hanging", batches(1))):
            with self.subTest(behaviour), tempfile.TemporaryDirectory() as folder:
                noted = Path(folder) / "process"
                with self.assertRaises(LookupError), Worker(script(Path(folder), behaviour, noted)) as worker:
                    results = worker.map(images)
                    if behaviour == "slow":
                        next(results)
                    until(noted.exists)
                    raise LookupError
                self.assertFalse(worker._process._listener.is_alive())
                until(lambda noted=noted: not is_running(int(noted.read_text())))

    def test_a_process_that_outlives_its_script_keeps_nobody_waiting(self) -> None:
        # It is in a session of its own, and holds all three pipes.
        with tempfile.TemporaryDirectory() as folder:
            noted = Path(folder) / "process"
            worker = Worker(
                [
                    "/bin/sh",
                    "-c",
                    f"setsid sh -c 'echo $$ > {noted}.tmp; mv {noted}.tmp {noted}; exec sleep 600' & wait",
                ]
            )
            until(noted.exists)
            with mock.patch("swift_openclip.process._SECONDS_TO_DIE", 0.2):
                worker.kill()
            self.assertTrue(worker._process.has_ended)
            os.kill(int(noted.read_text()), signal.SIGKILL)

    def test_a_worker_that_leaves_out_a_row_is_refused(self) -> None:
        self.assertIn("returned 4 rows for 5", str(self.failure("short")))

    def test_a_worker_that_returns_too_much_is_refused(self) -> None:
        self.assertIn("returned more batches than it got", str(self.failure("chatty")))

    def test_a_worker_that_stops_reading_is_refused(self) -> None:
        # Its output remains open: only the input tells.
        with (
            mock.patch("swift_openclip.process._SECONDS_TO_DIE", 0.2),
            self.assertRaisesRegex(WorkerError, "does not read its input any more") as raised,
            Worker(command("deaf")) as worker,
        ):
            in_time(lambda: list(worker.map(large(3))))
        self.assertFalse(raised.exception.is_temporary)
        self.assertTrue(worker._process.has_ended)

    def test_a_batch_that_cannot_be_sent_raises_after_the_results_before_it(self) -> None:
        first, other = batches(2)
        untyped = other.set_column(2, "year", pa.nulls(other.num_rows))
        table = pa.Table.from_batches([other])
        for unsuitable, kind, before, behaviour in (
            (untyped, pa.ArrowInvalid, 1, "slow"),
            (untyped, pa.ArrowInvalid, 20, "lingering"),
            (table, TypeError, 0, "lingering"),
            (table, TypeError, 20, "slow"),
        ):
            with self.subTest(kind, before=before):
                results: list[pa.RecordBatch] = []
                with self.assertRaises(kind), Worker(command(behaviour)) as worker:
                    answers = worker.map([first] * before + [unsuitable, first])
                    in_time(lambda results=results, answers=answers: results.extend(answers))
                self.assertEqual(len(results), before)
                self.assertTrue(worker._process.has_ended)

    def test_a_worker_that_has_ended_is_named_as_such(self) -> None:
        def drop(worker: Worker) -> None:
            next(worker.map(batches(50)))

        for end in (drop, Worker.kill, Worker.close):
            with self.subTest(end.__name__), Worker(command()) as worker:
                list(worker.map(batches(1)))
                end(worker)
                with self.assertRaisesRegex(WorkerError, "has ended. Start another"):
                    in_time(lambda worker=worker: list(worker.map(batches(1))))

    def test_results_that_were_not_taken_are_lost_with_the_worker(self) -> None:
        for images in (batches(50), large(20)):
            with Worker(command()) as worker:
                results = worker.map(images)
                next(results)
                in_time(worker.close)
                with self.assertRaisesRegex(WorkerError, "has ended. Start another"):
                    in_time(lambda results=results: list(results))

    def test_one_call_is_answered_at_a_time(self) -> None:
        with Worker(command()) as worker:
            first = worker.map(batches(50))
            next(first)
            with self.assertRaisesRegex(RuntimeError, "one call of 'map' at a time"):
                next(worker.map(batches(1)))
            self.assertEqual(len(list(first)), 49)

    def test_a_worker_that_does_not_end_after_its_input_is_refused(self) -> None:
        with (
            mock.patch("swift_openclip.process._SECONDS_TO_END", 0.2),
            self.assertRaisesRegex(WorkerError, "did not end after its input") as raised,
            Worker(command("lingering")) as worker,
        ):
            list(worker.map(batches(2)))
            in_time(worker.close)
        self.assertFalse(raised.exception.is_temporary)

    def test_messages_that_cannot_be_passed_on_keep_nobody_waiting(self) -> None:
        closed = io.StringIO()
        closed.close()
        for stream in (Closed(), closed, None):
            with mock.patch("sys.stderr", stream), Worker(command("noisy")) as worker:
                results = in_time(lambda worker=worker: list(worker.map(batches(3))))
                self.assertIn("a message of the stub", worker._process._messages)
            self.assertEqual(len(results), 3)

    def test_a_program_that_is_missing_is_named(self) -> None:
        with self.assertRaisesRegex(OSError, "no-such-program"):
            Worker(["no-such-program"])

    def test_an_error_of_the_input_is_raised_and_ends_the_process(self) -> None:
        def failing() -> Iterator[pa.RecordBatch]:
            yield from batches(2)
            raise LookupError("no more")

        with self.assertRaisesRegex(LookupError, "no more"), Worker(command()) as worker:
            list(worker.map(failing()))
        self.assertTrue(worker._process.has_ended)

    def test_whoever_stops_early_leaves_no_process(self) -> None:
        with Worker(command("slow")) as worker:
            results = worker.map(batches(1000))
            next(results)
            results.close()  # type: ignore[attr-defined]
            self.assertTrue(worker._process.has_ended)

    def test_input_is_taken_only_as_results_are(self) -> None:
        taken = 0

        def counted() -> Iterator[pa.RecordBatch]:
            nonlocal taken
            for item in batches(1000):
                taken += 1
                yield item

        with Worker(command()) as worker:
            results = worker.map(counted())
            for _ in range(3):
                next(results)
            time.sleep(0.2)
            self.assertLess(taken, 20)
            results.close()  # type: ignore[attr-defined]


if __name__ == "__main__":
    unittest.main()
