#!/usr/bin/env bash
# Packs the check of GPUs for a machine without Swift: clip-cli with its libraries, Arrow's, sources of the wrappers,
# photographs.
# Usage: [PYTHON=python3] Tools/gpu/pack.sh CLI PHOTOS ARCHIVE.tar.xz
# PYTHON is the interpreter of the set-up's environment, whose pyarrow is packed.
# On the other machine (Linux x86-64, glibc 2.34 or later): unpack it and run ./check-gpu, which says what it needs.
set -euo pipefail
python=${PYTHON:-/usr/local/lib/swift-openclip/python/bin/python}
arrow=$("$python" -c 'import pyarrow; print(pyarrow.__path__[0])')
cli=$(realpath "$1") photos=$(realpath "$2") archive=$(realpath -m "$3")
cd "$(dirname "$0")/../.."

packed=$(mktemp -d)
trap 'rm -rf "$packed"' EXIT
mkdir "$packed/lib" "$packed/bin" "$packed/arrow"
strip -o "$packed/bin/clip-cli" "$cli"
# The C and C++ libraries are that machine's, and the wrappers are built there.
ldd "$cli" | awk '$3 ~ "^/" { print $3 }' | grep -Ev '/(libc|libm|libstdc\+\+|libgcc_s|libtorch-c|libparquet-c)\.so' |
    xargs cp -Lt "$packed/lib"
cp -r "$arrow"/lib{arrow,arrow_s3,parquet}.so.* "$arrow/include" "$packed/arrow"
strip --strip-unneeded "$packed"/lib/* "$packed"/arrow/*.so.*
git ls-files -z native Tools Benchmarks/soak | tar --null -T - -cf - | tar -xf - -C "$packed"
cp -r "$photos" "$packed/photos"
install -m 755 Tools/gpu/run_packed.sh "$packed/check-gpu"
tar -C "$packed" -cf - . | xz -9 -T1 >"$archive"
