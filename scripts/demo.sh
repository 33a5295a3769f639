#!/usr/bin/env bash
# Classifies real photos with the default model and shows the result, and what negative descriptions change.
# Usage: PYTHON=... CLI=... scripts/demo.sh FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."

demo=$1
categories=Examples/demo-categories.yaml
rm -rf "$demo"
mkdir -p "$demo"

"$PYTHON" Tools/fetch_demo_photos.py --output "$demo/photos"
"$CLI" embed "$demo/photos" --output "$demo/store"
"$CLI" classify "$demo/store" --categories "$categories" --output "$demo/results.parquet" >"$demo/counts.txt"
"$CLI" classify "$demo/store" --categories "$categories" --output "$demo/results.csv" >"$demo/counts.txt"

# The same categories without their negative descriptions.
grep -v '^ *negative:' "$categories" >"$demo/categories-without-negatives.yaml"
"$CLI" classify "$demo/store" --categories "$demo/categories-without-negatives.yaml" \
    --output "$demo/results-without-negatives.parquet" >/dev/null

"$CLI" report "$demo/store" --results "$demo/results.parquet" --output "$demo/report.html" >/dev/null

"$PYTHON" Tools/show_results.py "$demo/results.parquet" --without-negatives "$demo/results-without-negatives.parquet"
cat <<EOF2

Images per category:
$(cat "$demo/counts.txt" | sed '/^Results:/d')

Photos:      $demo/photos (origin and licences in CREDITS.txt)
Store:       $demo/store
Results:     $demo/results.csv, $demo/results.parquet
Categories:  $categories (edit, then rerun:)

  $CLI classify $demo/store --categories $categories --output $demo/results.csv

Open this page in a browser to review and label the results:

  $(cd "$demo" && pwd)/report.html
EOF2
