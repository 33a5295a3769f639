#!/usr/bin/env bash
# Builds the documentation of each library product, warnings as errors, from the symbol graphs that compiling leaves.
# Usage: scripts/build-docs.sh SYMBOL_GRAPHS OUTPUT
set -euo pipefail
shopt -s nullglob
cd "$(dirname "$0")/.."

docc=$(dirname "$(command -v swift)")/docc
rm -rf "$2"
for catalog in Sources/*/*.docc; do
    module=$(basename "$catalog" .docc)
    mkdir -p "$2/symbols/$module"
    cp "$1/$module".symbols.json "$1/$module"@*.symbols.json "$2/symbols/$module/"
    "$docc" convert "$catalog" --additional-symbol-graph-dir "$2/symbols/$module" \
        --fallback-bundle-identifier "swift-openclip.$module" --output-dir "$2/$module.doccarchive" \
        --warnings-as-errors
done
echo "Documentation: $2"
