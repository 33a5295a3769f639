"""Names, messages of servers and texts that would steer a terminal: nothing that is printed does, and data stays exact."""

import csv
import io
import json
import os
import pty
import socket
import subprocess
import threading
import unicodedata
from pathlib import Path

from environment import FORGETFUL
from stored import require

from security.tool import Outcome, Tool

ATTACKS = {
    "title": "\x1b]0;owned\x07", "clear": "\x1b[2J\x1b[H", "c1": "\x9b2J", "return": "\rsafe", "line": "\nerror: forged",
    "override": "gpj\u202egnp", "isolate": "\u2066x\u2069", "zero-width": "cat\u200b", "joiner": "c\u200dat", "mark": "\ufeffcat",
    "separator": "cat\u2028dog", "tag": "cat\U000e0041", "selector": "cat\ufe0f", "filler": "cat\u3164",
}
"""Texts by what they do. Each is part of a file's name, of an id, a category, a cell and a server's message."""

NAMES = [f"{text} {name}".replace(";", ",") for name, text in ATTACKS.items()]
"""Of categories: CSV files join them with semicolons, so none may hold one."""
CATEGORIES = {"threshold": -1, "categories": {name: {"positive": [f"a cat {name}"]} for name in NAMES}}


def check_terminal(tool: Tool, photo: bytes) -> str:
    """Puts the texts wherever data comes from, and looks at all that each command prints."""
    folder = tool.place / "steering"
    folder.mkdir()
    for name, text in ATTACKS.items():
        (folder / f"{text} {name}.png").write_bytes(photo)
        (folder / f"{text} {name}.jpg").write_bytes(b"no image")
    (tool.place / "steering.json").write_text(json.dumps(CATEGORIES))
    with hostile_server() as address:
        (tool.place / "steering.txt").write_text("".join(f"{address}/{name}.png\n" for name in ATTACKS))
        commands = 0
        for words in commands_of(tool):
            outcome = tool.run(*words)
            require(outcome.status in (0, 1, 4), f"{words[0]} ends with {outcome.status}: {outcome.text}")
            require_harmless(outcome, " ".join(map(str, words[:2])))
            commands += 1
    check_log(tool)
    check_machine_output(tool)
    check_arguments(tool)
    return f"terminal: {len(ATTACKS)} texts, {commands} commands"


def commands_of(tool: Tool) -> list[list]:
    model = ["--model", tool.model]
    scored = ["steering-store", "--categories", "steering.json", *model]
    return [
        ["embed", "steering", "--output", "steering-store", "--allow-failures", *model],
        ["embed", "--files-from", "steering.txt", "--output", "remote-store", "--allow-failures", *model],
        ["store", "info", "steering-store"],
        ["store", "info", "remote-store"],
        ["store", "verify", "steering-store", *model],
        ["classify", *scored, "--output", "steering.csv"],
        ["score", *scored, "--output", "steering.parquet"],
        ["diff", "steering-store", "steering.json", "steering.json", *model],
        ["sample", *scored, "--per-category", "2", "--output", "steering-labels.csv"],
        ["lint", "steering.json", *model],
        ["search", "steering-store", "a cat", *model],
        ["duplicates", "steering-store"],
        ["tokenize", *ATTACKS.values(), *model],
    ]


def require_harmless(outcome: Outcome, what: str) -> None:
    """Ends the program if anything that was printed is a control character, or cannot be seen."""
    for character in outcome.text:
        invisible = unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") or character == "\u3164"
        require(not invisible or character in "\n\t\u200c\u200d", f"{what} prints U+{ord(character):04X}: {outcome.text!r}")
    forged = [line for line in outcome.text.split("\n") if line.startswith("error: forged")]
    require(not forged, f"{what} prints a line of its input as its own: {forged}")


def check_log(tool: Tool) -> None:
    """A log in JSON holds the names exactly, in a form that is harmless too."""
    outcome = tool.embed("steering", "--log-format", "json", "--allow-failures", store="logged-store")
    require_harmless(outcome, "a log in JSON")
    lines = [json.loads(line) for line in outcome.errors.decode().splitlines()]
    failed = {line["id"] for line in lines if line["event"] == "failed"}
    require(failed == {f"{text} {name}.jpg" for name, text in ATTACKS.items()}, f"the log names {failed}")


def check_machine_output(tool: Tool) -> None:
    """What programs read is exact in a file and in a pipe, and harmless where a person reads it."""
    ids = {f"{text} {name}.png" for name, text in ATTACKS.items()}
    search = ["search", "steering-store", "a cat", "--top", "100", "--model", tool.model]
    piped = tool.run(*search, "--format", "csv").output.decode()
    require({row["id"] for row in csv.DictReader(io.StringIO(piped, newline=""))} == ids, f"CSV in a pipe: {piped!r}")
    piped = tool.run(*search, "--format", "jsonl")
    require_harmless(piped, "search --format jsonl")
    require({json.loads(line)["id"] for line in piped.output.splitlines()} == ids, f"JSON Lines in a pipe: {piped.text!r}")
    with (tool.place / "steering.csv").open(encoding="utf-8", newline="") as file:
        require({row["id"] for row in csv.DictReader(file)} == ids, "the ids in a CSV file are not exact")
    shown = on_terminal(tool, [*search, "--format", "csv"])
    require_harmless(Outcome(0, shown.replace(b"\r\n", b"\n"), b"", 0), "CSV on a terminal")
    require(b"\\u{1b}]0;owned\\u{7}" in shown, f"CSV on a terminal: {shown!r}")


def on_terminal(tool: Tool, words: list) -> bytes:
    """What a command prints on a terminal."""
    ours, theirs = pty.openpty()
    command = [str(tool.cli), *words]
    process = subprocess.Popen(command, cwd=tool.place, stdout=theirs, stderr=subprocess.DEVNULL, env=FORGETFUL)
    os.close(theirs)
    printed = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the last writer has gone
            break
        if not part:
            break
        printed += part
    os.close(ours)
    require(process.wait() == 0, f"{words[0]} on a terminal ends with {process.returncode}")
    return printed


def check_arguments(tool: Tool) -> None:
    """Arguments come from scripts, and those from data."""
    for text in ATTACKS.values():
        for words in ([f"no{text}"], ["embed", f"no{text}", "--output", "x"], ["embed", f"--no{text}"], ["lint", f"no{text}.yaml"]):
            outcome = tool.run(*words)
            require(outcome.status in (2, 3, 64), f"{words} ends with {outcome.status}")
            # The parser of arguments prints them as they are, line ends too.
            require_harmless(Outcome(0, outcome.output, outcome.errors.replace(b"error: forged", b""), 0), f"{words}")


class hostile_server:
    """A server whose status lines, headers and redirects hold the texts."""

    def __enter__(self) -> str:
        self.socket = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.serve, daemon=True).start()
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            part = connection.recv(65536)
            if not part:
                return connection.close()
            request += part
        name = Path(request.split()[1].decode()).stem
        text = ATTACKS[name].encode()
        field = text.replace(b"\n", b"").replace(b"\r", b"")
        status = b"302 " + field if len(name) % 2 else b"404 " + field
        connection.sendall(b"HTTP/1.1 " + status + b"\r\nLocation: ftp://" + field + b"/\r\nX-" + field + b": " + field
                           + b"\r\nContent-Type: " + field + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        connection.close()
