// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "DatabaseService",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "swift-openclip", path: "../..")],
    targets: [
        .executableTarget(
            name: "DatabaseService",
            dependencies: [
                .product(name: "SwiftOpenCLIP", package: "swift-openclip")
            ]
        )
    ]
)
