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
"$CLI" embed "$demo/photos" --output "$demo/embeddings"
"$CLI" classify "$demo/embeddings" --categories "$categories" --output "$demo/results.parquet" >"$demo/counts.txt"
"$CLI" classify "$demo/embeddings" --categories "$categories" --output "$demo/results.csv" >"$demo/counts.txt"

# The same categories without their negative descriptions.
grep -v '^ *negative:' "$categories" >"$demo/categories-without-negatives.yaml"
"$CLI" classify "$demo/embeddings" --categories "$demo/categories-without-negatives.yaml" \
    --output "$demo/results-without-negatives.csv" >/dev/null

"$CLI" report "$demo/embeddings" --results "$demo/results.parquet" --output "$demo/report.html" >/dev/null

"$PYTHON" Tools/show_results.py "$demo/results.csv" --without-negatives "$demo/results-without-negatives.csv"
cat <<EOF2

Images per category:
$(cat "$demo/counts.txt" | sed '/^Results:/d')

Photos:      $demo/photos (origin and licences in CREDITS.txt)
Embeddings:  $demo/embeddings
Results:     $demo/results.csv, $demo/results.parquet
Categories:  $categories (edit it, then run:)

  $CLI classify $demo/embeddings --categories $categories --output $demo/results.csv

Open this in a browser to look at the results and to tick what is right and wrong:

  $(cd "$demo" && pwd)/report.html
EOF2
