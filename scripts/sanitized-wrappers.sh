#!/usr/bin/env bash
# Builds the C wrappers with sanitizers, whose runtime is that of the program that loads them.
# Usage: scripts/sanitized-wrappers.sh FOLDER FLAGS LINKER-FLAGS CMAKE-OPTION ...
# FLAGS are for the compilers of C and C++, and PYTHON names the interpreter whose packages have libtorch and Arrow.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$1
# Arrow and libtorch were built with other settings, and the runtime of Swift's programs does not know types of C++.
flags="$2 -fno-sanitize=vptr"
# What the program has of the sanitizers is missing in a library until it is loaded.
linker_flags="$3 -fno-sanitize=all -Wl,--warn-unresolved-symbols"
shift 3
packages=$("$PYTHON" -c 'import sysconfig; print(sysconfig.get_path("platlib"))')
cmake -S native -B "$folder" -G Ninja -Wno-dev --log-level=WARNING --compile-no-warning-as-error -DBUILD_TESTING=OFF \
    -DCMAKE_C_FLAGS="$flags" -DCMAKE_CXX_FLAGS="$flags" -DCMAKE_SHARED_LINKER_FLAGS="$linker_flags" \
    -DLIBTORCH="$packages/torch" -DARROW="$packages/pyarrow" -DPYTHON="$PYTHON" "$@"
cmake --build "$folder"
