#!/usr/bin/env python3
"""Writes the software bill of materials of a build: a CycloneDX 1.6 document of its native libraries, Swift packages and
pinned Python packages, with versions and licences as far as they are known.

The versions of native libraries are those that `clip-cli --version --verbose` finds on this machine, those of Swift packages
are in Package.resolved, and those of Python packages in Tools/requirements*.txt.
"""

import argparse
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path
from uuid import uuid4

from environment import FORGETFUL
from pins import HERE, normalised, pinned

ROOT = HERE.parent
OWN = "swift-openclip"


@dataclass
class Known:
    """A library that `clip-cli` uses: its licence as an SPDX expression, and its name in Docs/Dependencies.md."""

    licence: str
    documented: str


NATIVE = {
    "libtorch": Known("BSD-3-Clause", "libtorch"),
    "OpenVINO": Known("Apache-2.0", "OpenVINO"),
    "Arrow C++ and Parquet": Known("Apache-2.0", "Arrow C++ and Parquet"),
    "OpenBLAS": Known("BSD-3-Clause", "OpenBLAS"),
    "libcurl": Known("curl", "libcurl"),
    "ADBC driver for PostgreSQL": Known("Apache-2.0", "ADBC drivers for PostgreSQL and SQLite"),
    "ADBC driver for SQLite": Known("Apache-2.0", "ADBC drivers for PostgreSQL and SQLite"),
    "libjpeg-turbo": Known("IJG AND BSD-3-Clause AND Zlib", "libjpeg-turbo"),
    "libpng": Known("libpng-2.0", "libpng"),
    "zlib": Known("Zlib", "zlib"),
    "libwebp": Known("BSD-3-Clause", "libwebp"),
    "libtiff": Known("libtiff", "libtiff"),
    "OpenJPEG": Known("BSD-2-Clause", "OpenJPEG"),
    "libde265": Known("LGPL-3.0-or-later", "libde265"),
    "libavif": Known("BSD-2-Clause", "libavif, with dav1d"),
    "dav1d": Known("BSD-2-Clause", "libavif, with dav1d"),
    "libjxl": Known("BSD-3-Clause", "libjxl"),
    "libbz2": Known("bzip2-1.0.6", "zlib, liblzma, libbz2, libzstd"),
    "liblzma": Known("", "zlib, liblzma, libbz2, libzstd"),  # in the public domain before 5.6, 0BSD since
    "libzstd": Known("BSD-3-Clause OR GPL-2.0-only", "zlib, liblzma, libbz2, libzstd"),
    "libcrypto (OpenSSL)": Known("Apache-2.0", "libcrypto (OpenSSL)"),
}
SWIFT = {"swift-argument-parser": "Apache-2.0 WITH Swift-exception", "yams": "MIT"}
PARTS = ("libtorch-c", "libparquet-c")
"""Libraries of this project."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--output", type=Path, required=True, help="the JSON file to write")
    arguments = parser.parse_args()
    version, libraries = native_versions(arguments.cli)
    document = bill(version, libraries, swift_versions(), pinned())
    arguments.output.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(f"{len(document['components'])} components: {arguments.output}")


def native_versions(cli: Path) -> tuple[str, dict[str, str]]:
    """The version of clip-cli, and those of the libraries that are installed, by name."""
    command = [cli.absolute(), "--version", "--verbose"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True, env=FORGETFUL).stdout.splitlines()
    rows = [re.split(r" {2,}", line, maxsplit=1) for line in lines[1:] if line]
    return lines[0].removeprefix("clip-cli "), {name: version for name, version in rows if version != "not installed"}


def swift_versions() -> dict[str, str]:
    """The versions of the Swift packages that a build resolved."""
    path = ROOT / "Package.resolved"
    if not path.exists():
        raise SystemExit(f"error: there is no {path}: build first, for example with 'make build'")
    pins = json.loads(path.read_text(encoding="utf-8"))["pins"]
    return {pin["identity"]: pin["state"]["version"] for pin in pins}


def bill(version: str, libraries: dict[str, str], packages: dict[str, str], python: dict[str, str]) -> dict:
    """The document; a library, Swift package or part of this project that is not known here is an error."""
    unknown = sorted(libraries.keys() - NATIVE.keys() - set(PARTS)) + sorted(packages.keys() - SWIFT.keys())
    if unknown:
        raise SystemExit(f"error: Tools/sbom.py does not know {', '.join(unknown)}: add the licence, and a row to Docs/Dependencies.md")
    licences = python_licences(python)
    components = [component("library", name, found, expression("" if name in PARTS else NATIVE[name].licence))
                  for name, found in libraries.items()]
    components += [component("library", name, found, expression(SWIFT[name]), f"pkg:swift/{name}@{found}")
                   for name, found in packages.items()]
    components += [component("library", name, found, licences.get(name), f"pkg:pypi/{name}@{found}")
                   for name, found in sorted(python.items())]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "component": component("application", OWN, version, None),
        },
        "components": components,
        "dependencies": [{"ref": f"{OWN}@{version}", "dependsOn": [entry["bom-ref"] for entry in components]}],
    }


def expression(licence: str) -> dict | None:
    return {"expression": licence} if licence else None


def component(kind: str, name: str, version: str, licence: dict | None, purl: str = "") -> dict:
    """An entry; without a licence if none is known."""
    # libcurl tells those of the libraries that it uses, too.
    number = version.split(" ")[0]
    entry: dict = {"type": kind, "bom-ref": purl or f"{name}@{number}", "name": name, "version": number}
    if licence:
        entry["licenses"] = [licence]
    if purl:
        entry["purl"] = purl
    return entry


def python_licences(packages: dict[str, str]) -> dict[str, dict]:
    """The licences that packages declare, of those that are installed in the pinned version in any environment of set-up."""
    environments = Path(sys.prefix).parent.glob("*/lib/python3*/site-packages")
    found = {}
    for package in metadata.distributions(path=[*sys.path, *map(str, environments)]):
        name = normalised(package.metadata["Name"])
        if packages.get(name) == package.version.split("+")[0] and (licence := declared(package.metadata)):
            found[name] = licence
    return found


def declared(words: metadata.PackageMetadata) -> dict | None:
    """A package's licence: an SPDX expression, or in the words of its makers if they are few."""
    if expression := words.get("License-Expression"):
        return {"expression": expression}
    named = [line.rsplit(" :: ", 1)[1] for line in words.get_all("Classifier", []) if line.startswith("License :: OSI")]
    text = ", ".join(named) or (words.get("License") or "").strip()
    return {"license": {"name": text}} if text not in ("", "UNKNOWN") and len(text) <= 80 else None


def undocumented(text: str, python: dict[str, str]) -> list[str]:
    """What the bill lists and Docs/Dependencies.md does not name."""
    native = [f"the library {name}" for name, known in NATIVE.items() if known.documented not in text]
    swift = [f"the Swift package {name}" for name in SWIFT if name not in text.lower()]
    words = {normalised(word) for word in re.findall(r"[A-Za-z0-9][A-Za-z0-9._-]*", text)}
    return native + swift + [f"the Python package {name}" for name in python if name not in words]


if __name__ == "__main__":
    main()
