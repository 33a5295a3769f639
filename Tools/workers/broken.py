"""What goes wrong between two processes: bad input, a reader that stops reading or leaves, signals."""

import signal
import subprocess
import tempfile
import threading
import time

import pyarrow
import pyarrow.ipc
from environment import FORGETFUL
from stored import require
from workers.client import INPUT, MODEL, STOPPED, STREAM, USAGE, Worker, stream, stream_of


def check_bad_input(worker: Worker, photo: bytes) -> None:
    good = pyarrow.table({"id": ["a", "b", "c"], "bytes": [photo] * 3})
    whole = stream(good, 1)
    require(worker.batches(good.slice(0, 0), 1) == [], "a stream without batches")
    empty = stream_of(good.schema, [pyarrow.RecordBatch.from_pylist([], good.schema), *good.to_batches(2)])
    with pyarrow.ipc.open_stream(worker.run(empty).stdout) as answers:
        sizes = [batch.num_rows for batch in answers]
    require(sizes == [0, 2, 1], f"an empty batch: {sizes}")
    worker.fails(b"", INPUT, "Arrow")
    worker.fails(b"id,path\na,b\n", INPUT, "Arrow")
    worker.fails(bytes(100), INPUT, "Arrow")
    worker.fails(b"\xff" * 4 + b"\xff\xff\xff\x7f" + bytes(100), INPUT, "larger than the maximum")
    for cut in (5, 100, len(whole) // 2, len(whole) - 20):
        worker.fails(whole[:cut], INPUT, "The input")
    for name in ("id", "bytes"):
        worker.fails(stream(good.drop_columns([name]), 1), INPUT, f"no column '{name}'")
    worker.fails(stream(good.append_column("path", good["id"]), 1), INPUT, "'bytes' and 'path'")
    worker.fails(stream(good.append_column("reason", good["id"]), 1), INPUT, "'reason'")
    worker.fails(stream(good.set_column(1, "bytes", [[1, 2, 3]]), 1), INPUT, "'bytes'")
    worker.fails(stream(good.set_column(0, "id", [["a", None, "c"]]), 3), INPUT, "row 2")
    worker.fails(stream(good, 3), INPUT, "3 rows, more than the maximum of 2", "--max-batch-rows", "2")
    worker.fails(whole, INPUT, "larger than the maximum of 1000", "--max-batch-bytes", "1000")
    zeros = pyarrow.table({"id": ["a"], "bytes": [bytes(64 << 20)]})
    small = stream_of(zeros.schema, zeros.to_batches(), pyarrow.ipc.IpcWriteOptions(compression="zstd"))
    worker.fails(small, INPUT, "far larger than the maximum", "--max-batch-bytes", "1000000")
    worker.fails(whole, USAGE, "--precision", "--precision", "auto")
    worker.fails(whole, USAGE, "--no-such", "--no-such-option")
    worker.fails(whole, MODEL, "none-there", "--model", "none-there")


def check_ends(worker: Worker, photo: bytes) -> None:
    """A receiver that leaves or stops reading, and signals."""
    table = pyarrow.table({"id": list(map(str, range(40))), "bytes": [photo] * 40})
    with tempfile.TemporaryFile() as file:
        file.write(stream(table, 4))
        file.seek(0)
        leaving = subprocess.Popen(worker.command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=FORGETFUL)
        leaving.stdout.read(8)
        leaving.stdout.close()
        message = leaving.stderr.read()
        require((leaving.wait(), message) == (STREAM, b""), f"a closed output: {leaving.returncode} {message}")
    check_back_pressure(worker, photo)
    for number in (signal.SIGTERM, signal.SIGINT):
        process = worker.start()
        writer = pyarrow.ipc.new_stream(process.stdin, table.schema)
        writer.write_batch(table.to_batches(4)[0])
        process.stdin.flush()
        answers = pyarrow.ipc.open_stream(process.stdout)
        require(answers.read_next_batch().num_rows == 4, "an answer before the end of the input")
        process.send_signal(number)
        rest = process.stdout.read()
        require(process.wait() == STOPPED, f"{number.name}: exit code {process.returncode}")
        require(rest == b"", f"{number.name}: {len(rest)} bytes after the last message")


def check_back_pressure(worker: Worker, photo: bytes) -> None:
    """A worker whose answers nobody reads stops reading: it takes no more batches than fit into a pipe and two."""
    wide = pyarrow.array(["x" * 100_000] * 2)
    batch = pyarrow.record_batch({"id": ["a", "b"], "bytes": [b"no image"] * 2, "wide": wide})
    process = worker.start()
    writer = pyarrow.ipc.new_stream(process.stdin, batch.schema)
    sent = []

    def send() -> None:
        for number in range(100):
            writer.write_batch(batch)
            sent.append(number)
        writer.close()
        process.stdin.close()

    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    quiet_seconds, previous = 0, 0
    while quiet_seconds < 3 or not sent:
        time.sleep(1)
        quiet_seconds, previous = (quiet_seconds + 1, previous) if previous == len(sent) else (0, len(sent))
    require(len(sent) < 10, f"{len(sent)} batches were taken although no answer was read")
    found = sum(answer.num_rows for answer in pyarrow.ipc.open_stream(process.stdout))
    sender.join()
    require((found, process.wait()) == (200, 0), f"{found} rows, exit code {process.returncode}")
