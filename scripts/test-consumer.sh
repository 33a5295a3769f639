#!/usr/bin/env bash
# Builds and runs the packages of Examples as users' packages: outside the tree, and dependent on a tagged clone of this
# one by version. They share what they build. CustomRule needs no native library. The benchmarks and
# the code of the README, the articles and some pages of Docs are compiled in the same way.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -n 's/.*current = "\(.*\)"/\1/p' Sources/CLIPCore/LibraryVersion.swift)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

git clone --quiet --no-hardlinks . "$work/swift-openclip"
git -C "$work/swift-openclip" -c user.name=test -c user.email=test@localhost tag --force "$version"

# Builds a package that lies at "$work/NAME"; its program is then "$work/build/debug/NAME".
build() {
    sed -i "s|\.package(name: \"swift-openclip\", path: .*)|.package(url: \"file://$work/swift-openclip\", from: \"$version\")|" \
        "$work/$1/Package.swift"
    swift build --package-path "$work/$1" --scratch-path "$work/build" --quiet
}

expect() {
    grep -qF -- "$2" <<<"$1" || {
        printf 'Expected "%s" in the output of the example:\n%s\n' "$2" "$1" >&2
        exit 1
    }
}

git archive HEAD Examples Benchmarks | tar -x -C "$work" --transform 's|^Examples/||'
# Runs the tests of such a package, too.
check() {
    build "$1"
    swift test --package-path "$work/$1" --scratch-path "$work/build" --disable-xctest --quiet
}

check CustomRule
output=$("$work/build/debug/CustomRule")
expect "$output" 'husky.jpg ["dog"] [0.5, 0.0]'
expect "$output" 'wolf.jpg [] [0.0, 0.0]'

# What must not compile: a rule that reads single prompts without asking for them, and one that keeps a row of cosines.
refuse() {
    printf 'import CLIPCore\n%s\n' "$2" >"$work/refused.swift"
    if output=$(swiftc -swift-version 6 -emit-sil -I "$work/build/debug/Modules" \
        -I "$work/build/checkouts/Yams/Sources/CYaml/include" \
        -Xcc -fmodule-map-file="$work/build/debug/CResample.build/module.modulemap" -o /dev/null "$work/refused.swift" 2>&1); then
        printf 'This compiles, and must not:\n%s\n' "$2" >&2
        exit 1
    fi
    expect "$output" "$1"
}
refuse "cannot convert value of type 'Int'" 'func cosine(_ similarities: Similarities) -> [Evidence] {
    similarities.evidence { row, category in
        Evidence(score: row[category.positive.promptColumns.lowerBound], positive: 0)
    }
}'
refuse "escapes its scope" 'func cosine(_ similarities: Similarities) -> [Evidence] {
    var kept: Similarities.Row?
    let evidence = similarities.evidence { row, category in
        kept = row
        return Evidence(score: row[category.positive], positive: 0)
    }
    _ = kept
    return evidence
}'

check CustomEncoder
mkdir "$work/colors"
"$PYTHON" - "$work/colors" <<'PYTHON'
import sys
from PIL import Image

for name, color in {"apple": (200, 20, 30), "night": (5, 5, 20), "sun": (250, 240, 60)}.items():
    Image.new("RGB", (60, 40), color).save(f"{sys.argv[1]}/{name}.png")
PYTHON
echo "not an image" >"$work/colors/broken.jpg"
output=$("$work/build/debug/CustomEncoder" "$work/colors" "$work/store")
expect "$output" "3 embedded, 1 failed"
expect "$output" '["apple.png"]'
expect "$output" '["night.png"]'

build Smallest
"$PYTHON" Tools/fetch_demo_photos.py --output "$work/photos"
output=$("$work/build/debug/Smallest" "$work/photos" Examples/demo-categories.yaml)
expect "$output" 'cat.png: ["cat", "animal"]'

build DatabaseService
"$PYTHON" - "$work" <<'PYTHON'
import sqlite3, sys

with sqlite3.connect(f"{sys.argv[1]}/photos.sqlite") as database:
    database.execute("CREATE TABLE photos (id INTEGER PRIMARY KEY, path TEXT)")
    database.execute("INSERT INTO photos VALUES (1, ?)", [f"{sys.argv[1]}/photos/cat.png"])
PYTHON
output=$("$work/build/debug/DatabaseService" "$work/photos.sqlite" 'SELECT id, path FROM photos' \
    Examples/demo-categories.yaml)
expect "$output" "1 embedded, 0 failed"
query='import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute("SELECT categories FROM decisions").fetchone())'
expect "$("$PYTHON" -c "$query" "$work/photos.sqlite")" '["cat","animal"]'

build BatchService
coproc "$work/build/debug/BatchService" Examples/demo-categories.yaml
service=$COPROC_PID
exec {paths}>&"${COPROC[1]}" {answers}<&"${COPROC[0]}" {COPROC[1]}>&-
printf '%s\n' "$work/photos/cat.png" >&"$paths"
# An answer comes although more paths may come: a batch does not wait to be full.
read -r -t 120 output <&"$answers"
expect "$output" '"categories":["cat","animal"]'
printf '%s\n' "$work/photos/coffee-cup.png" missing.jpg "$work/colors/broken.jpg" >&"$paths"
exec {paths}>&-
output=$(cat <&"$answers")
wait "$service"
expect "$output" '"categories":["coffee"]'
expect "$output" '"code":"notFound"'
expect "$output" '"code":"unsupportedFormat"'
[ "$(wc -l <<<"$output")" = 3 ] || expect "$output" "one line for each of 3 images"

build Benchmarks

mkdir "$work/Articles"
cat >"$work/Articles/Package.swift" <<'PACKAGE'
// swift-tools-version: 6.2
import PackageDescription

let products = ["SwiftOpenCLIP", "CLIPTesting"]
let package = Package(
    name: "Articles",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "swift-openclip", path: "../..")],
    targets: [
        .target(name: "Articles", dependencies: products.map { .product(name: $0, package: "swift-openclip") })
    ]
)
PACKAGE
pages=(README.md Docs/{Databases,Evaluation,ImageSources,Images,LargeRuns,ReadingEmbeddings}.md)
"$PYTHON" Tools/article_code.py Sources/*/*.docc/*.md "${pages[@]}" --output "$work/Articles/Sources/Articles"
build Articles
echo "The examples were built by version, tested and run, and the benchmarks and the documentation's code compile."
