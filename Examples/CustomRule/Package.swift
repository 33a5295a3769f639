// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "CustomRule",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "swift-openclip", path: "../..")],
    targets: [
        .executableTarget(
            name: "CustomRule",
            dependencies: [.product(name: "CLIPCore", package: "swift-openclip")]
        ),
        .testTarget(
            name: "CustomRuleTests",
            dependencies: ["CustomRule", .product(name: "CLIPTesting", package: "swift-openclip")]
        ),
    ]
)
