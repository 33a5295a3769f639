#!/usr/bin/env bash
# Builds and runs two packages outside the tree that depend on a tagged clone of this one by version, as users do:
# one imports CLIPCore alone, the other is the smallest program of the README.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -n 's/.*current = "\(.*\)"/\1/p' Sources/CLIPCore/LibraryVersion.swift)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

git clone --quiet --no-hardlinks . "$work/swift-openclip"
git -C "$work/swift-openclip" -c user.name=test -c user.email=test@localhost tag --force "$version"

# Makes a package NAME whose one program depends on the products that follow.
consumer() {
    local name=$1
    shift
    local products=""
    for product in "$@"; do
        products+="                .product(name: \"$product\", package: \"swift-openclip\"),"$'\n'
    done
    mkdir -p "$work/$name/Sources/$name"
    cat >"$work/$name/Package.swift" <<PACKAGE
// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "$name",
    platforms: [.macOS(.v15)],
    dependencies: [.package(url: "file://$work/swift-openclip", from: "$version")],
    targets: [
        .executableTarget(
            name: "$name",
            dependencies: [
$products            ]
        )
    ]
)
PACKAGE
}

expect() {
    grep -qF -- "$2" <<<"$1" || {
        printf 'Expected "%s" in the output of the consumer:\n%s\n' "$2" "$1" >&2
        exit 1
    }
}

consumer CoreOnly CLIPCore
cat >"$work/CoreOnly/Sources/CoreOnly/main.swift" <<'SWIFT'
import CLIPCore

let file = CategoryFile(categories: [.init(name: "first axis", positive: ["x"], threshold: 0.5)])
let bank = try await PromptBank(file) { texts in
    EmbeddingMatrix(dimension: 2, values: texts.flatMap { _ in [Float(1), 0] })
}
let decisions = try Classifier(file, bank: bank, rule: .contrast).classify(EmbeddingMatrix(dimension: 2, values: [1, 0]))
print(decisions.matches(image: 0).map { file.categories[$0].name })
SWIFT
expect "$(swift run --package-path "$work/CoreOnly" --quiet)" '["first axis"]'

consumer Smallest CLIPCore CLIPImage CLIPTorch
cp Examples/Smallest/Sources/Smallest/main.swift "$work/Smallest/Sources/Smallest/"
"$PYTHON" Tools/fetch_demo_photos.py --output "$work/photos"
swift build --package-path "$work/Smallest" --quiet
output=$("$(swift build --package-path "$work/Smallest" --show-bin-path)/Smallest" "$work/photos" Examples/demo-categories.yaml)
expect "$output" "cat.png: cat"
echo "Both consumers built by version and ran."
