// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "BatchService",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "swift-openclip", path: "../..")],
    targets: [
        .executableTarget(
            name: "BatchService",
            dependencies: [
                .product(name: "CLIPCore", package: "swift-openclip"),
                .product(name: "CLIPImage", package: "swift-openclip"),
                .product(name: "CLIPPipeline", package: "swift-openclip"),
                .product(name: "CLIPTorch", package: "swift-openclip"),
            ]
        )
    ]
)
