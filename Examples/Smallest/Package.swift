// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Smallest",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "swift-openclip", path: "../..")],
    targets: [
        .executableTarget(
            name: "Smallest",
            dependencies: [
                .product(name: "SwiftOpenCLIP", package: "swift-openclip")
            ]
        )
    ]
)
