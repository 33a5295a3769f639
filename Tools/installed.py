"""Finds files inside installed Python packages without importing the packages."""

import importlib.util
from pathlib import Path
from types import ModuleType


def package_folder(package: str) -> Path:
    """The folder of an installed package; raises SystemExit that says how to install it when it is missing."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"error: the Python package '{package}' is not installed; "
                         "run: pip install -r Tools/requirements.txt")
    return Path(spec.origin).parent


def package_file(package: str, relative: str) -> Path:
    """A file inside an installed package; raises SystemExit that names the file when the package lacks it."""
    path = package_folder(package) / relative
    if not path.is_file():
        raise SystemExit(f"error: the installed package '{package}' has no file '{relative}'; install the version "
                         "that Tools/requirements.txt names")
    return path


def load_module_file(path: Path) -> ModuleType:
    """Runs one self-contained Python file as a module, without importing the package around it."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"error: '{path}' is not a Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
