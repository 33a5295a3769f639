#!/usr/bin/env python3
"""Checks what a run does where OpenVINO has too little memory, or a CPU without instructions for bf16.

A library between `clip-cli` and OpenVINO fails the first requests as OpenVINO does without memory, and says what the CPU can do.
"""

import argparse
import subprocess
import tempfile
from pathlib import Path

from environment import FORGETFUL
from stored import embed_command, require, vectors

SOURCE = Path(__file__).resolve().parent / "fixtures/lesser_openvino.cpp"
SAID = "A larger batch did not fit into the memory of cpu; encoding {} at a time"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="at least four photographs, fewer than a batch")
    parser.add_argument("--model", type=Path, required=True, help="a bundle for OpenVINO")
    parser.add_argument("--library", type=Path, required=True, help="the folder where set-up installed OpenVINO")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        build(arguments.library, scratch)
        expected = embedded(arguments, scratch / "plain", {}, "")
        limited = FORGETFUL | {"OPENVINO": str(scratch)}
        for failures in (1, 2):
            images = len(expected)
            for _ in range(failures):
                images = (images + 1) // 2
            found = embedded(arguments, scratch / f"{failures}", limited | {"FAILURES": str(failures)},
                             SAID.format(f"{images} images"))
            require(found == expected, f"after {failures} failures, vectors differ")
        failed = run(arguments, scratch / "none", limited | {"FAILURES": "1000"})
        require(failed.returncode != 0 and "does not suffice for a single image" in failed.stderr,
                f"without memory for one image, the run ended with {failed.returncode}: {failed.stderr}")
        without_bf16 = FORGETFUL | {"OPENVINO": str(scratch), "CAPABILITIES": "FP32 INT8 BIN"}
        refused = run(arguments, scratch / "bf16", without_bf16, "--precision", "bf16")
        require(refused.returncode != 0 and f"{arguments.model} runs on it in fp32." in refused.stderr,
                f"without instructions for bf16, the run ended with {refused.returncode}: {refused.stderr}")
        require(not (scratch / "bf16").exists(), "a run that cannot begin left a store")
        require(embedded(arguments, scratch / "auto", without_bf16, "images/s: fp32 ", "--precision", "auto") == expected,
                "--precision auto gives other vectors on a CPU with fp32 alone")
    print("without instructions for bf16, an error that says what the CPU has; --precision auto leaves it out")
    print(f"{len(expected)} images: when memory is short once and twice, the same vectors in smaller batches; without any, an error")


def build(library: Path, folder: Path) -> None:
    """Builds the library in between, under the name by which OpenVINO is found."""
    real = next((path for path in sorted(library.rglob("libopenvino_c.so*"))), None)
    require(real is not None, f"'{library}' has no libopenvino_c.so; run scripts/setup.sh openvino")
    subprocess.run(["c++", "-std=c++17", "-shared", "-fPIC", SOURCE, "-o", folder / "libopenvino_c.so",
                    f"-Wl,--no-as-needed,-rpath,{real.parent}", real, "-ldl"], check=True)


def embedded(arguments: argparse.Namespace, store: Path, environment: dict[str, str], said: str,
             *options: str) -> dict[str, list[float]]:
    """The vectors of a run that says something and succeeds."""
    result = run(arguments, store, environment, *options)
    require(result.returncode == 0, f"the run ended with {result.returncode}: {result.stderr}")
    require(said in result.stderr, f"the run should say '{said}': {result.stderr}")
    return vectors(store)


def run(arguments: argparse.Namespace, store: Path, environment: dict[str, str],
        *options: str) -> subprocess.CompletedProcess:
    command = embed_command(arguments.cli, arguments.photos, store, "--model", arguments.model, *options)
    return subprocess.run(command, capture_output=True, text=True, env=FORGETFUL | environment)


if __name__ == "__main__":
    main()
