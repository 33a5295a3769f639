"""`clip-cli --version --verbose` tells every native library, and the bill of materials lists them."""

import json
import re
import subprocess
import sys

from sbom import NATIVE, PARTS
from stored import HERE, require

from security.tool import Tool


def check_versions(tool: Tool) -> str:
    found = listed(tool, {})
    require(found.keys() == NATIVE.keys() | set(PARTS), f"the libraries are {sorted(found)}")
    unclear = {name: version for name, version in found.items() if not re.match(r"\d+(\.\d+)+|not installed$", version)}
    require(not unclear, f"versions are unclear: {unclear}")
    without = listed(tool, {"OPENVINO": "/nowhere"})
    require(without["OpenVINO"] == "not installed", f"where there is no OpenVINO, its version is {without['OpenVINO']}")
    plain = tool.run("--version")
    require(plain.status == 0 and re.fullmatch(rb"\d+\.\d+\.\d+\S*\n", plain.output), f"--version prints {plain.text}")
    output = tool.place / "sbom.json"
    subprocess.run([sys.executable, HERE / "sbom.py", "--cli", tool.cli, "--output", output], check=True, capture_output=True)
    names = {entry["name"] for entry in json.loads(output.read_text(encoding="utf-8"))["components"]}
    present = {name for name, version in found.items() if version != "not installed"}
    require(present | {"yams", "torch"} <= names, f"the bill of materials lacks {present - names}")
    return f"versions: {len(present)} of {len(found)} native libraries found, {len(names)} components"


def listed(tool: Tool, variables: dict[str, str]) -> dict[str, str]:
    outcome = tool.run("--version", "--verbose", env=variables)
    require(outcome.status == 0 and not outcome.errors, f"--version --verbose: {outcome.text}")
    rows = [re.split(r" {2,}", line, maxsplit=1) for line in outcome.output.decode().splitlines()[1:] if line]
    return {name: version for name, version in rows}
