"""What a disk may hold after the power failed: a model of files and folders of which only what was synced is certain.

In the manner of ALICE (Pillai et al., 2014) and CrashMonkey (Mohan et al., 2018): the calls of a run are replayed up to
some point. Then the contents of files that were not synced since they were written are lost, kept or cut off in the middle,
and of the changes of names since the folder was synced none, all, or some are there.
"""

import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from faults.shim import Record

CONTENTS = ("lost", "kept", "cut off")
NAMES = ("none", "all", "some")


@dataclass
class File:
    """A file's bytes now, and those that are certain."""

    now: bytearray
    synced: bytes = b""

    def after(self, contents: str) -> bytes:
        """What is left of it."""
        if contents == "lost" or self.now == self.synced:
            return self.synced
        return bytes(self.now if contents == "kept" else self.now[: len(self.now) // 2])


@dataclass(frozen=True)
class Change:
    """A change of names in one folder: a file gets a name, loses one, or both."""

    folder: str
    file: int
    added: str | None = None
    removed: str | None = None

    def apply(self, names: dict[str, int]) -> None:
        """Makes the change."""
        if self.removed:
            names.pop(self.removed, None)
        if self.added:
            names[self.added] = self.file


class Disk:
    """The files of a folder while a run writes to it."""

    def __init__(self, start: Path) -> None:
        self.files: list[File] = []
        self.names: dict[str, int] = {}
        self.synced_names: dict[str, int] = {}
        self.pending: list[Change] = []
        #: Numbers of files, and names of folders, by inode.
        self.by_inode: dict[str, int] = {}
        self.folders: dict[str, str] = {}
        for path in sorted(start.rglob("*")):
            if path.is_file():
                data = path.read_bytes()
                self.names[str(path.relative_to(start))] = self.add(File(bytearray(data), data))
        self.synced_names = dict(self.names)

    def add(self, file: File) -> int:
        """The number of a new file."""
        self.files.append(file)
        return len(self.files) - 1

    def replay(self, record: Record) -> None:
        """Does what a call did."""
        words = record.words
        match record.call:
            case "create":
                self.by_inode[words[0]] = self.add(File(bytearray()))
                self.change(added=words[1], file=self.by_inode[words[0]])
            case "open":
                name = os.path.normpath(words[1])
                if name in self.names:
                    self.by_inode[words[0]] = self.names[name]
                else:
                    self.folders[words[0]] = name
            case "write":
                data = self.files[self.by_inode[words[0]]].now
                start = int(words[1])
                data.extend(bytes(max(0, start - len(data))))
                data[start : start + len(record.data)] = record.data
            case "truncate":
                del self.files[self.by_inode[words[0]]].now[int(words[1]) :]
            case "sync":
                self.sync(words[0])
            case "rename":
                old, new = map(os.path.normpath, words)
                self.change(removed=old, added=new, file=self.names[old])
            case "link":
                self.change(added=words[1], file=self.names[os.path.normpath(words[0])])
            case "unlink":
                name = os.path.normpath(words[0])
                self.change(removed=name, file=self.names[name])

    def change(self, file: int, added: str | None = None, removed: str | None = None) -> None:
        """Changes names, for now in memory."""
        added = added and os.path.normpath(added)
        folder = os.path.dirname(added or removed)
        change = Change(folder, file, added, removed)
        change.apply(self.names)
        self.pending.append(change)

    def sync(self, inode: str) -> None:
        """Makes a file's contents certain, or a folder's names."""
        if inode in self.folders:
            folder = self.folders[inode].strip(".")
            for change in self.pending:
                if change.folder == folder:
                    change.apply(self.synced_names)
            self.pending = [change for change in self.pending if change.folder != folder]
        else:
            file = self.files[self.by_inode[inode]]
            file.synced = bytes(file.now)

    def states(self, rng: random.Random) -> Iterator[tuple[str, dict[str, bytes]]]:
        """What may be there after a power failure now, with a description: the contents of files by name."""
        for names_left in NAMES:
            chosen = [names_left == "all" or (names_left == "some" and rng.random() < 0.5) for _ in self.pending]
            names = dict(self.synced_names)
            for change, is_there in zip(self.pending, chosen, strict=True):
                if is_there:
                    change.apply(names)
            for contents in CONTENTS:
                state = {name: self.files[number].after(contents) for name, number in names.items()}
                yield f"names: {names_left}, contents: {contents}", state


def write_state(state: dict[str, bytes], place: Path) -> None:
    """Makes a folder what a disk holds."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for name, data in state.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
