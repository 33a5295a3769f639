// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "swift-openclip", path: "..")],
    targets: [
        .executableTarget(
            name: "benchmarks",
            dependencies: [
                .product(name: "CLIPCore", package: "swift-openclip"),
                .product(name: "CLIPImage", package: "swift-openclip"),
                .product(name: "CLIPTorch", package: "swift-openclip"),
                .product(name: "CLIPArrow", package: "swift-openclip"),
            ]
        )
    ]
)
