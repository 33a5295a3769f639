#!/usr/bin/env bash
# Runs a command with what programs need that were built with a sanitizer, and fails if one of them made a report.
# Usage: scripts/sanitized.sh address|thread COMMAND ...
# PREFIX (default /usr/local) is where the wrappers are.
set -euo pipefail

sanitizer=$1
shift
root=$(realpath "$(dirname "$0")/..")
sources=$root/Tools/sanitizers
work=$root/build/sanitizers/$sanitizer
rm -rf "$work"
mkdir -p "$work"

case $sanitizer in
    address) preloaded=leaks ;;
    thread) preloaded=mutexes ;;
    *) echo "There is no sanitizer '$sanitizer': address or thread." >&2; exit 2 ;;
esac
# Functions of Swift's calling convention take Swift's own compiler.
"$(dirname "$(realpath "$(command -v swift)")")/clang" -shared -fPIC -O1 -o "$work/$preloaded.so" "$sources/$preloaded.c"

# The sanitizers' own dlopen knows no library's run path.
export LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}${PREFIX:-/usr/local}/lib/swift-openclip
# They report better where Swift does not report a crash as well. Tests keep what programs print, so reports go to files.
export SWIFT_BACKTRACE=enable=no
# Freed memory is overwritten, so that what it pointed to counts as leaked.
export ASAN_OPTIONS=log_path=$work/report:leak_check_at_exit=0:max_free_fill_size=1048576
export LSAN_OPTIONS=suppressions=$sources/leaks.txt:print_suppressions=0
# TBB, which OpenVINO uses, loads libraries as the sanitizers allow it.
export TBB_ENABLE_SANITIZERS=1
export UBSAN_OPTIONS=log_path=$work/report:print_stacktrace=1
export TSAN_OPTIONS=log_path=$work/report:suppressions=$sources/threads.txt

code=0
LD_PRELOAD=$work/$preloaded.so "$@" || code=$?
reports=$(find "$work" -name 'report.*' -exec head -n 60 {} +)
if [ -n "$reports" ]; then
    printf '%s\nThere are reports of the %s sanitizer: %s\n' "$reports" "$sanitizer" "$work/report.*" >&2
    exit 1
fi
exit $code
