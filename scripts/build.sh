#!/usr/bin/env bash
# Sets up what is missing and builds; downloads and the default model's assembly run beside the compiler.
# Usage: scripts/build.sh [--test] SWIFT-BUILD-OPTION ...
set -euo pipefail
cd "$(dirname "$0")/.."

setup=(scripts/setup.sh)
packages=(python)
[ "${PYTORCH:-}" != no ] || packages+=(openvino)
if [ "${1:-}" = --test ]; then
    setup+=(--test)
    packages=(python openvino)
    shift
fi
options=()
for option; do
    case $option in --product | --build-tests | --target) break ;; *) options+=("$option") ;; esac
done

# Nothing goes on in the background when this ends early.
trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT
"${setup[@]}" system
"${setup[@]}" "${packages[@]}" &
downloads=$!
# What needs no C wrapper. A failure is shown by the build that follows.
swift build "${options[@]}" --target CLIPHTTP || true
wait $downloads
"${setup[@]}" wrappers
"${setup[@]}" model &
model=$!
swift build "$@"
wait $model
