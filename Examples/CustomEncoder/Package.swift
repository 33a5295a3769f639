// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "CustomEncoder",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "swift-openclip", path: "../..")],
    targets: [
        .executableTarget(
            name: "CustomEncoder",
            dependencies: [
                .product(name: "CLIPArrow", package: "swift-openclip"),
                .product(name: "CLIPCore", package: "swift-openclip"),
                .product(name: "CLIPImage", package: "swift-openclip"),
                .product(name: "CLIPPipeline", package: "swift-openclip"),
                .product(name: "CLIPSearch", package: "swift-openclip"),
            ]
        ),
        .testTarget(
            name: "CustomEncoderTests",
            dependencies: ["CustomEncoder", .product(name: "CLIPTesting", package: "swift-openclip")]
        ),
    ]
)
