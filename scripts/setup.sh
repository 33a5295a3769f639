#!/usr/bin/env bash
# Installs what the project needs, each step only when it is not done yet.
# Usage: scripts/setup.sh [--test] [STEP ...]
# Steps, those up to model when none is named: system (packages), python (an environment with libtorch, Arrow and drivers of
# databases), wrappers (libtorch-c and libparquet-c), model (the default one); openvino (the engine of models for it); onnx,
# benchmark, formats and engines (packages that make bundles for OpenVINO, the peers' packages, writers of image formats, and
# Spark and Ray, each in an environment that also sees the first one's packages). --test adds what only the tests need.
# PREFIX (default /usr/local) is where wrappers and Python environment go; PYTHON names the interpreter. PYTORCH=no leaves out
# libtorch, and the default model, which takes PyTorch to make; without named steps, it installs OpenVINO.
set -euo pipefail
cd "$(dirname "$0")/.."

system_lists=(scripts/apt-packages.txt)
python_lists=(Tools/requirements.txt)
steps=(system python wrappers model)
with_pytorch=ON
if [ "${PYTORCH:-}" = no ]; then
    python_lists=(Tools/requirements-native.txt)
    steps=(system python openvino wrappers)
    with_pytorch=OFF
fi
if [ "${1:-}" = --test ]; then
    system_lists+=(scripts/apt-packages-test.txt)
    python_lists+=(Tools/requirements-test.txt)
    shift
fi
prefix=${PREFIX:-/usr/local}
home=$prefix/lib/swift-openclip
environment=$home/python
build=build/native
models=${XDG_CACHE_HOME:-$HOME/.cache}/swift-openclip/models

say() { printf '==> %s\n' "$*" >&2; }

# Runs a command with the rights to write to the system.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo -- "$@"
    else
        say "Run this as root, or install sudo: it has to run: $*"
        return 1
    fi
}

# Runs a command as whoever may write to the prefix.
in_prefix() {
    if [ -w "$prefix/lib" ]; then "$@"; else as_root "$@"; fi
}

# A hash of files' names and contents: a step is done when its inputs have not changed since.
fingerprint() { find "$@" -type f -not -path '*/__pycache__/*' -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1; }

is_done() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }

mark_done() { printf '%s\n' "$2" | in_prefix tee "$1" >/dev/null; }

system_packages() {
    command -v apt-get >/dev/null || {
        say "No apt-get: install the packages listed in ${system_lists[*]} in your system's way."
        return
    }
    local missing=()
    while read -r package; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done < <(cat "${system_lists[@]}")
    [ ${#missing[@]} = 0 ] && return
    say "Installing system packages: ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

python_environment() {
    local list mark inputs
    for list in "${python_lists[@]}"; do
        mark=$environment/.$(basename "$list" .txt)
        inputs=$(fingerprint Tools/requirements.txt "$list")
        is_done "$mark" "$inputs" && continue
        say "Installing the Python packages of $list into $environment"
        in_prefix mkdir -p "$home"
        [ -x "$environment/bin/pip" ] || in_prefix "${PYTHON:-python3}" -m venv "$environment"
        in_prefix "$environment/bin/pip" install --quiet --disable-pip-version-check -c Tools/requirements.txt -r "$list" >&2
        mark_done "$mark" "$inputs"
    done
    database_drivers
}

# Links to the drivers in the wheels, where CLIPDatabase looks for them.
database_drivers() {
    local library packages
    packages=$("$environment/bin/python" -c 'import sysconfig; print(sysconfig.get_path("platlib"))')
    in_prefix mkdir -p "$home/drivers"
    for library in "$packages"/adbc_driver_*/libadbc_driver_*.so; do
        [ -e "$library" ] || { say "There are no database drivers (adbc_driver_*) in $packages"; return 1; }
        in_prefix ln -sfn "$library" "$home/drivers/"
    done
}

# The wheel alone: its libraries need no Python.
openvino_library() {
    local folder=$home/openvino list=Tools/requirements-openvino.txt inputs
    inputs=$(fingerprint "$list")
    is_done "$folder/.requirements" "$inputs" && return
    say "Installing OpenVINO into $folder"
    [ -x "$environment/bin/pip" ] || python_environment
    in_prefix rm -rf "$folder"
    in_prefix "$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps --target "$folder" -r "$list" >&2
    mark_done "$folder/.requirements" "$inputs"
}

# A list of packages, and the lists that it contains, theirs included.
with_contained() {
    local contained
    printf '%s\n' "$1"
    while read -r contained; do
        with_contained "Tools/$contained"
    done < <(sed -n 's/^-r //p' "$1")
}

further_environment() {
    local name=$1 further=$home/python-$1 list=Tools/requirements-$1.txt inputs site
    local mark=$further/.requirements-$name
    inputs=$(fingerprint Tools/requirements.txt $(with_contained "$list"))-$environment
    is_done "$mark" "$inputs" && return
    say "Installing the Python packages of $list into $further"
    site='import sysconfig; print(sysconfig.get_path("purelib"))'
    in_prefix "$environment/bin/python" -m venv --clear "$further"
    "$environment/bin/python" -c "$site" | in_prefix tee "$("$further/bin/python" -c "$site")/swift-openclip.pth" >/dev/null
    in_prefix "$further/bin/pip" install --quiet --disable-pip-version-check -c Tools/requirements.txt -r "$list" >&2
    mark_done "$mark" "$inputs"
}

native_wrappers() {
    local inputs packages
    inputs=$(fingerprint native Tools/requirements.txt)-$environment-${LIBTORCH:-}-$with_pytorch
    is_done "$home/native" "$inputs" && [ -f "$build/build.ninja" ] && return
    say "Building libtorch-c and libparquet-c"
    packages=$("$environment/bin/python" -c 'import sysconfig; print(sysconfig.get_path("platlib"))')
    local libtorch=("-DWITH_LIBTORCH=$with_pytorch")
    [ $with_pytorch = OFF ] || libtorch+=("-DLIBTORCH=${LIBTORCH:-$packages/torch}")
    cmake -S native -B "$build" -G Ninja -Wno-dev --log-level=WARNING \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" \
        "${libtorch[@]}" -DARROW="$packages/pyarrow" -DPYTHON="$environment/bin/python"
    cmake --build "$build" --parallel "$(nproc)" >&2
    in_prefix cmake --install "$build" >/dev/null
    as_root ldconfig
    mark_done "$home/native" "$inputs"
}

default_model() {
    if [ "$with_pytorch" = OFF ]; then
        say "The default model is not installed: it takes PyTorch to make. Docs/Models.md says where models for OpenVINO come from."
        return
    fi
    # Nothing is remembered in a folder that others may write to.
    mkdir -p -m 700 "$(dirname "$models")"
    "$environment/bin/python" Tools/build_default_model.py --output "$models/default" >&2
}

[ $# -gt 0 ] || set -- "${steps[@]}"
for step; do
    case $step in
        system) system_packages ;;
        python) python_environment ;;
        wrappers) native_wrappers ;;
        model) default_model ;;
        openvino) openvino_library ;;
        onnx | benchmark | formats) further_environment "$step" ;;
        engines)
            # Spark runs on Java.
            system_lists=(scripts/apt-packages-engines.txt)
            system_packages
            further_environment "$step"
            ;;
        *)
            say "There is no step '$step'. Steps: system, python, wrappers, model, openvino, onnx, benchmark, formats, engines."
            exit 2
            ;;
    esac
done
