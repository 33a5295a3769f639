"""Tests that change the folder of a small model, and look at what the exporter makes of it."""

import functools
import json
import shutil
import tempfile
import unittest
from pathlib import Path

from export_openclip import silence_libraries
from torchvision_ops import import_torchvision

silence_libraries()
import_torchvision()
from openclip_export.make_test_models import write_source  # noqa: E402
from openclip_export.options import ExportOptions  # noqa: E402
from openclip_export.source import Source, load_source  # noqa: E402
from safetensors.torch import load_file  # noqa: E402
from torch import Tensor  # noqa: E402


class FolderCase(unittest.TestCase):
    """A copy of a small model's folder for each test."""

    family = "transformers-clip"

    def setUp(self) -> None:
        self.scratch = Path(_scratch(self))
        self.folder = self.copy(self.family, "model")
        self.options = ExportOptions(model=str(self.folder), output=self.scratch / "bundle")

    def copy(self, family: str, name: str) -> Path:
        """A new folder of that family."""
        return Path(shutil.copytree(_original(family), self.scratch / name))

    def load(self) -> Source:
        return load_source(self.options)

    def state(self) -> dict[str, Tensor]:
        """The weights in model.safetensors."""
        return load_file(self.folder / "model.safetensors")

    def change(self, file: str, **values: object) -> None:
        """Sets fields of a JSON file; those that are None are removed."""
        path = self.folder / file
        changed = json.loads(path.read_text(encoding="utf-8")) | values
        path.write_text(json.dumps({name: value for name, value in changed.items() if value is not None}), encoding="utf-8")

    def keep(self, *names: str) -> None:
        """Removes the tokenizer's files other than these."""
        for path in self.folder.iterdir():
            if path.name not in (*names, "config.json", "preprocessor_config.json", "model.safetensors"):
                path.unlink()

    def assert_refused(self, message: str) -> None:
        with self.assertRaisesRegex(SystemExit, message):
            self.load()


def _scratch(case: unittest.TestCase) -> str:
    folder = tempfile.TemporaryDirectory()
    case.addCleanup(folder.cleanup)
    return folder.name


@functools.cache
def _originals() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory()


@functools.cache
def _original(family: str) -> Path:
    """The folder, which takes a while to make."""
    folder = Path(_originals().name, family)
    write_source(family, folder)
    return folder
