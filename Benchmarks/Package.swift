// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "swift-openclip", path: "..")],
    targets: [
        // Plain calls of the codec libraries.
        .systemLibrary(name: "COpenJPEG", pkgConfig: "libopenjp2"),
        .target(
            name: "CCodecs",
            dependencies: ["COpenJPEG"],
            linkerSettings: ["turbojpeg", "png", "webp", "tiff", "de265", "avif", "jxl"].map { .linkedLibrary($0) }
        ),
        .executableTarget(
            name: "benchmarks",
            dependencies: [
                "CCodecs",
                .product(name: "SwiftOpenCLIP", package: "swift-openclip"),
            ]
        ),
    ]
)
