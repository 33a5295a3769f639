"""The list of the staged files that count, which `clip-cli store adopt` reads."""

from __future__ import annotations

import errno
import json
import os
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

from swift_openclip.staging import FOLDER, MANIFEST, PART, REJECTS, StagedFile
from swift_openclip.writing import sync_folder

_FORMAT = 1
_WITHDRAWN = "manifest.refused.json"
_FIRST_PART = "part-00000.parquet"
_WITHOUT_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS)


@dataclass(frozen=True)
class Manifest:
    """The list in a future store's folder; it exists from the end of a job until its files are adopted.

    Attributes:
        store: The folder.
        adoption: The command that adopts the files.
    """

    store: str
    adoption: str

    @property
    def advice(self) -> str:
        """What to do about a list that exists."""
        return f"{self._path} lists the files of a job. Complete it with '{self.adoption}', or choose another folder."

    def require_none(self) -> None:
        """Checks that no files wait to be adopted.

        Raises:
            FileExistsError: Some do.
        """
        if self._path.exists():
            raise FileExistsError(self.advice)

    def write(self, files: list[StagedFile]) -> None:
        """Lists files durably, those with vectors in the order of the store's parts.

        Raises:
            FileExistsError: Another job has written its list.
        """

        def entries(kind: str) -> list[dict[str, object]]:
            chosen = (asdict(file) for file in files if file.kind == kind)
            return [{key: value for key, value in entry.items() if key != "kind"} for entry in chosen]

        hidden = self._folder / f".{uuid.uuid4().hex}.{MANIFEST}.tmp"
        try:
            with hidden.open("x", encoding="utf-8") as file:
                json.dump({"format": _FORMAT, "parts": entries(PART), "rejects": entries(REJECTS)}, file)
                file.flush()
                os.fsync(file.fileno())
            self._publish(hidden)
        finally:
            hidden.unlink(missing_ok=True)
        sync_folder(self._folder)

    def withdraw(self, files: list[StagedFile]) -> str:
        """Puts the list of an adoption that was refused aside, unless files have been moved already.

        Returns:
            What to do next.
        """
        if self._has_moved(files):
            return self.advice
        withdrawn = self._folder / _WITHDRAWN
        try:
            self._path.rename(withdrawn)
        except FileNotFoundError:
            return "Run the job again."
        sync_folder(self._folder)
        return (
            f"Nothing has been adopted. To start over, run the job again; it does not use the files in {self._folder}. "
            f"To adopt them after all, once the cause is mended, rename {withdrawn} to {MANIFEST} and run "
            f"'{self.adoption}'."
        )

    @property
    def _folder(self) -> Path:
        return Path(self.store) / FOLDER

    @property
    def _path(self) -> Path:
        return self._folder / MANIFEST

    def _publish(self, hidden: Path) -> None:
        """Gives a complete list its name, of which there is only one."""
        try:
            os.link(hidden, self._path)
        except FileExistsError:
            raise FileExistsError(
                f"{self._path} lists the files of another job on the same folder, so those of this one are not used. "
                "Give each job a folder of its own."
            ) from None
        except OSError as error:
            if error.errno not in _WITHOUT_LINKS:
                raise
            # A file system without links: the least that can be done is to look first.
            self.require_none()
            hidden.rename(self._path)

    def _has_moved(self, files: list[StagedFile]) -> bool:
        """Whether an adoption has begun to move files: it starts with the first part."""
        first = next((self._folder / file.file for file in files if file.kind == PART), None)
        part = Path(self.store) / _FIRST_PART
        if first is None or not part.exists():
            return False
        # File systems without a rename that keeps existing files have both names for a moment.
        return not first.exists() or first.samefile(part)
