"""The small corpus in the repository: one archive for each target, in Tests/Fuzzing/Corpus."""

import tempfile
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from fuzz.run import Target, run

FOLDER = Path(__file__).resolve().parents[2] / "Tests" / "Fuzzing" / "Corpus"
LARGEST_ARCHIVE = 20 << 10
"""Bytes of a target's archive, so that all of them stay below 1 MiB."""
ENTRY = 120
"""Bytes that an archive needs for an input, beside the input."""
EPOCH = (1980, 1, 1, 0, 0, 0)


def kept(target: str) -> Iterator[bytes]:
    """The inputs in the repository."""
    path = FOLDER / f"{target}.zip"
    if path.exists():
        with zipfile.ZipFile(path) as archive:
            yield from map(archive.read, archive.namelist())


def keep(program: Path, target: Target, corpus: Path, findings: Path) -> int:
    """Writes the smallest inputs of a corpus that reach most into the repository, and returns the archive's size.

    The inputs of the corpus must all be made up or made from the tests' own fixtures. Those that fail are left out, and go to
    the folder `findings`/`target`.
    """
    log, folder_of_findings = findings / f"{target.name}.merge.log", findings / target.name
    folder_of_findings.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        if run(log, program, target.option, "-merge=1", *target.limits, f"-artifact_prefix={folder_of_findings}/", folder,
               corpus) != 0:
            raise SystemExit(f"error: {target.name}: the corpus cannot be minimised; {log} says why")
        # An absent result would empty the archive.
        if not any(Path(folder).iterdir()):
            raise SystemExit(f"error: {target.name}: nothing of the corpus is left; {log} says why")
        inputs = sorted((path.read_bytes() for path in Path(folder).iterdir()), key=lambda input: (len(input), input))
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{target.name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number, input in enumerate(inputs):
            if archive.fp.tell() + ENTRY * (number + 1) + len(input) > LARGEST_ARCHIVE:
                break
            archive.writestr(zipfile.ZipInfo(sha256(input).hexdigest()[:8], EPOCH), input, zipfile.ZIP_DEFLATED)
    return path.stat().st_size
