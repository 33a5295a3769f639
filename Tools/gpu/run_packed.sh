#!/usr/bin/env bash
# Builds the wrappers for this machine's libtorch, and runs Tools/check_gpu.py with the options given here.
# Usage: [PYTHON=python3] ./check-gpu [OPTION ...]
# Needs CMake, Ninja, a C++20 compiler, and a Python with the packages of Tools/requirements.txt, of which versions may
# differ. Results are in ./results.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=$(command -v "${PYTHON:-python3}")
torch=$("$python" -c 'import torch; print(torch.__path__[0])')
prefix=$here/prefix

if [ ! -d "$prefix" ]; then
    # Other compilers and other versions of libtorch have other warnings.
    cmake --compile-no-warning-as-error -S "$here/native" -B "$here/build" -G Ninja -Wno-dev --log-level=WARNING -DBUILD_TESTING=OFF \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib \
        -DLIBTORCH="$torch" -DARROW="$here/arrow" -DPYTHON="$python"
    cmake --build "$here/build"
    cmake --install "$here/build" >/dev/null
fi
export OPENCLIP_WRAPPERS=$prefix/lib/swift-openclip
# clip-cli alone uses the packed libraries: Python has its own versions of some.
cat >"$here/clip-cli" <<EOF
#!/bin/sh
LD_LIBRARY_PATH='$prefix/lib:$here/lib':\$LD_LIBRARY_PATH exec '$here/bin/clip-cli' "\$@"
EOF
chmod +x "$here/clip-cli"
export LD_LIBRARY_PATH=$prefix/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
exec "$python" "$here/Tools/check_gpu.py" --cli "$here/clip-cli" --photos "$here/photos" --folder "$here/results" "$@"
