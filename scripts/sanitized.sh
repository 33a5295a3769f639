#!/usr/bin/env bash
# Runs a command with what programs need that were built with the address or the thread sanitizer, and fails if one of them made
# a report.
# Usage: scripts/sanitized.sh COMMAND ...
# PREFIX (default /usr/local) is where the wrappers are; WRAPPERS, if given, names the folder of a build of them to use instead.
set -euo pipefail

root=$(realpath "$(dirname "$0")/..")
work=$root/build/sanitizers
rm -rf "$work"
mkdir -p "$work"
"$(dirname "$(realpath "$(command -v swift)")")/clang" -shared -fPIC -O1 -o "$work/preloaded.so" "$root"/Tools/sanitizers/*.c

# The sanitizer's own dlopen knows no library's run path.
libraries=${PREFIX:-/usr/local}/lib/swift-openclip
if [ -n "${WRAPPERS:-}" ]; then
    libraries=$(printf '%s:' "$WRAPPERS"/lib*-c "$WRAPPERS"/lib*-c/swift-openclip)$libraries
fi
export LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$libraries
# Arrow's own allocators would hide its memory.
export ARROW_DEFAULT_MEMORY_POOL=system
# It reports better where Swift does not report a crash as well. Tests keep what programs print, so reports go to files.
# Freed memory is overwritten, so that what it pointed to counts as leaked.
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=log_path=$work/report:leak_check_at_exit=0:max_free_fill_size=1048576
export UBSAN_OPTIONS=log_path=$work/report:print_stacktrace=1
export TSAN_OPTIONS=log_path=$work/report:suppressions=$root/Tools/sanitizers/threads.txt
# TBB, which OpenVINO uses, loads libraries as the sanitizer allows it.
export TBB_ENABLE_SANITIZERS=1

code=0
LD_PRELOAD=$work/preloaded.so "$@" || code=$?
reports=$(find "$work" -name 'report.*' -exec head -n 60 {} +)
if [ -n "$reports" ]; then
    printf '%s\nThere are reports of a sanitizer: %s\n' "$reports" "$work/report.*" >&2
    exit 1
fi
exit $code
