// swift-tools-version: 6.2
import PackageDescription

// Each is a product of its own too.
let libraries = [
    "CLIPCore", "CLIPTokenizers", "CLIPImage", "CLIPImageFormats", "CLIPPipeline", "CLIPArchive", "CLIPHTTP",
    "CLIPModels", "CLIPTorch", "CLIPOpenVINO", "CLIPArrow", "CLIPDatabase", "CLIPEvaluation", "CLIPSearch",
    "CLIPReport",
]

let package = Package(
    name: "swift-openclip",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "SwiftOpenCLIP", targets: libraries),
        .library(name: "CLIPTesting", targets: ["CLIPTesting"]),
        .executable(name: "clip-cli", targets: ["clip-cli"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        // The inner loops of resizing images, in a version for each kind of CPU.
        .target(name: "CResample"),

        // The five nouns: encoder, preprocessor, prompt bank, scoring rule, classifier. No native library.
        .target(
            name: "CLIPCore",
            dependencies: ["CResample", "Yams"],
            // For rows of cosines that cannot be kept; those who use them need no such setting.
            swiftSettings: [.enableExperimentalFeature("Lifetimes")]
        ),

        // Texts to token ids.
        .target(name: "CLIPTokenizers", dependencies: ["CLIPCore"]),

        // What files are by their first bytes.
        .target(name: "CLIPFileKinds"),

        // Image decoding.
        .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(name: "CLibJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
        .systemLibrary(name: "CLibPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CWebP", pkgConfig: "libwebpdemux", providers: [.apt(["libwebp-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CJPEG", dependencies: ["CLibJPEG"]),
        .target(name: "CPNG", dependencies: ["CLibPNG"]),
        .target(
            name: "CLIPImage",
            dependencies: ["CLIPCore", "CLIPFileKinds", "CTurboJPEG", "CJPEG", "CPNG", "CWebP", "CZlib"]
        ),

        // Image formats other than the web's three, each through a library of its own.
        .systemLibrary(name: "CLibTIFF", pkgConfig: "libtiff-4", providers: [.apt(["libtiff-dev"])]),
        .systemLibrary(name: "CLibOpenJPEG", pkgConfig: "libopenjp2", providers: [.apt(["libopenjp2-7-dev"])]),
        .systemLibrary(name: "CLibDE265", pkgConfig: "libde265", providers: [.apt(["libde265-dev"])]),
        .systemLibrary(name: "CLibAVIF", providers: [.apt(["libavif-dev"])]),
        .systemLibrary(name: "CLibJXL", providers: [.apt(["libjxl-dev"])]),
        .target(name: "CTIFF", dependencies: ["CLibTIFF"]),
        .target(name: "CJPEG2000", dependencies: ["CLibOpenJPEG"]),
        .target(name: "CYUV"),
        .target(
            name: "CLIPImageFormats",
            dependencies: [
                "CLIPCore", "CLIPImage", "CLIPFileKinds", "CTIFF", "CJPEG2000", "CYUV", "CLibDE265", "CLibAVIF",
                "CLibJXL",
            ]
        ),

        // Sources of images, and runs that embed them.
        .target(name: "CLIPPipeline", dependencies: ["CLIPCore", "CLIPFileKinds"]),

        // Images in archives, and what decompresses them.
        .systemLibrary(name: "CBZip2", providers: [.apt(["libbz2-dev"])]),
        .systemLibrary(name: "CLZMA", pkgConfig: "liblzma", providers: [.apt(["liblzma-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(
            name: "CLIPArchive",
            dependencies: ["CLIPCore", "CLIPPipeline", "CLIPFileKinds", "CZlib", "CBZip2", "CLZMA", "CZstd"]
        ),

        // Reading http:// and https://.
        .target(name: "CCurl"),
        .target(name: "CLIPHTTP", dependencies: ["CLIPCore", "CLIPPipeline", "CCurl"]),

        // SHA-256 of model files and images, by the system's own cryptography.
        .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(
            name: "CLIPDigest",
            dependencies: [.target(name: "CLibCrypto", condition: .when(platforms: [.linux]))]
        ),

        // What is remembered between starts: which files were checked, and vectors of texts.
        .target(name: "CLIPCache", dependencies: ["CLIPCore", "CLIPDigest"]),

        // Model bundles, whichever engine runs them.
        .target(name: "CLIPModels", dependencies: ["CLIPCore", "CLIPTokenizers", "CLIPCache", "CLIPDigest"]),

        // Encoding through TorchScript.
        .systemLibrary(name: "CTorch", pkgConfig: "libtorch-c"),
        .target(name: "CLIPTorch", dependencies: ["CLIPCore", "CLIPModels", "CTorch"]),

        // Encoding through OpenVINO, which is loaded at run time.
        .target(name: "COpenVINO"),
        .target(name: "CLIPOpenVINO", dependencies: ["CLIPCore", "CLIPModels", "COpenVINO"]),

        // The inner loops of finding the nearest of many vectors.
        .target(name: "CNearest"),

        // What labels tell: metrics, thresholds, what descriptions contribute and which would help. Lint of descriptions.
        .target(name: "CLIPEvaluation", dependencies: ["CLIPCore", "CNearest", "Yams"]),

        // The nearest images, and near-duplicates.
        .target(name: "CLIPSearch", dependencies: ["CLIPCore"]),

        // Result files and the report page, whose assets are part of the program: no bundle has to travel with it.
        .target(name: "CLIPReport", dependencies: ["CLIPCore"], resources: [.embedInCode("Page/Assets")]),

        // Storing as Parquet.
        .systemLibrary(name: "CParquet", pkgConfig: "libparquet-c"),
        .target(
            name: "CLIPArrow",
            dependencies: ["CLIPCore", "CLIPPipeline", "CLIPEvaluation", "CLIPReport", "CLIPDigest", "CParquet"]
        ),

        // Images and results in databases, through drivers that are loaded at run time.
        .target(name: "CADBC"),
        .target(
            name: "CLIPDatabase",
            dependencies: ["CLIPCore", "CLIPPipeline", "CLIPReport", "CLIPArrow", "CADBC", "CParquet"]
        ),

        // Doubles, and conformance checkers for users' own parts.
        .target(name: "CLIPTesting", dependencies: ["CLIPCore", "CLIPPipeline"]),

        // glibc's malloc.h, which Swift's Glibc module leaves out.
        .systemLibrary(name: "CMalloc"),
        // Keeps messages of libraries out of the terminal.
        .target(name: "CStandardError"),
        .executableTarget(
            name: "clip-cli",
            dependencies: [
                "CLIPCore", "CLIPTokenizers", "CLIPImage", "CLIPImageFormats", "CLIPPipeline", "CLIPArchive",
                "CLIPHTTP",
                "CLIPModels", "CLIPTorch", "CLIPOpenVINO", "CLIPArrow", "CLIPDatabase", "CLIPEvaluation", "CLIPSearch",
                "CLIPReport", "CLIPDigest", "CMalloc", "CStandardError",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),

        // Counts allocations, for tests.
        .target(name: "CAllocations", path: "Tests/CAllocations"),
        // What several test targets need.
        .target(
            name: "TestSupport",
            dependencies: ["CLIPCore", "CLIPTesting", "CAllocations"],
            path: "Tests/TestSupport"
        ),
        // Names and addresses for tests of what is read from the web.
        .target(name: "CFakeNetwork", path: "Tests/CFakeNetwork"),

        .testTarget(
            name: "CLIPCoreTests",
            dependencies: ["CLIPCore", "CLIPTesting", "CResample", "TestSupport"],
            exclude: ["Fixtures"]
        ),
        .testTarget(
            name: "CLIPTokenizersTests",
            dependencies: ["CLIPTokenizers", "CLIPCore", "TestSupport"],
            exclude: ["Fixtures"]
        ),
        .testTarget(
            name: "CLIPPipelineTests",
            dependencies: ["CLIPPipeline", "CLIPCore", "CLIPTesting", "CAllocations", "TestSupport"]
        ),
        .testTarget(
            name: "CLIPArchiveTests",
            dependencies: [
                "CLIPArchive", "CLIPPipeline", "CLIPCore", "CLIPTesting", "TestSupport", "CZlib", "CBZip2", "CLZMA",
                "CZstd",
            ],
            exclude: ["Fixtures"]
        ),
        .testTarget(
            name: "CLIPEvaluationTests",
            dependencies: ["CLIPEvaluation", "CLIPCore", "CLIPTesting", "TestSupport"],
            exclude: ["Fixtures"]
        ),
        .testTarget(name: "CLIPSearchTests", dependencies: ["CLIPSearch", "CLIPCore", "CLIPTesting"]),
        .testTarget(name: "CLIPReportTests", dependencies: ["CLIPReport", "CLIPCore", "CLIPTesting", "TestSupport"]),
        .testTarget(
            name: "CLIPImageTests",
            dependencies: ["CLIPImage", "CLIPCore", "CPNG", "TestSupport"],
            exclude: ["Fixtures"]
        ),
        .testTarget(
            name: "CLIPImageFormatsTests",
            dependencies: ["CLIPImageFormats", "CLIPImage", "CLIPCore", "TestSupport"],
            exclude: ["Fixtures"]
        ),
        .testTarget(name: "CLIPDigestTests", dependencies: ["CLIPDigest"]),
        .testTarget(name: "CLIPCacheTests", dependencies: ["CLIPCache", "CLIPCore", "CLIPDigest", "CLIPTesting"]),
        .testTarget(
            name: "CLIPHTTPTests",
            dependencies: ["CLIPHTTP", "CLIPCore", "CLIPPipeline", "CCurl", "CFakeNetwork"]
        ),
        .testTarget(
            name: "CLIPModelsTests",
            dependencies: ["CLIPModels", "CLIPTokenizers", "CLIPCore", "CLIPDigest", "CLIPTesting", "TestSupport"]
        ),
        .testTarget(
            name: "CLIPTorchTests",
            dependencies: ["CLIPModels", "CLIPTorch", "CLIPImage", "CLIPCore", "CLIPTesting", "TestSupport"]
        ),
        .testTarget(
            name: "CLIPOpenVINOTests",
            dependencies: ["CLIPModels", "CLIPOpenVINO", "CLIPImage", "CLIPCore", "CLIPTesting", "TestSupport"]
        ),
        .testTarget(
            name: "CLIPArrowTests",
            dependencies: [
                "CLIPArrow", "CLIPCore", "CLIPDigest", "CLIPPipeline", "CLIPEvaluation", "CLIPReport", "CLIPModels",
                "CLIPTorch", "CLIPTesting", "TestSupport",
            ],
            exclude: ["Fixtures"]
        ),
        .testTarget(
            name: "CLIPDatabaseTests",
            dependencies: [
                "CLIPDatabase", "CLIPArrow", "CLIPCore", "CLIPPipeline", "CLIPReport", "CLIPTesting", "TestSupport",
            ]
        ),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "clip-cli", "CLIPArrow", "CLIPCore", "CLIPDatabase", "CLIPDigest", "CLIPModels", "CLIPPipeline",
                "CLIPTorch", "CLIPTesting",
                "TestSupport",
            ]
        ),
    ]
)

// Parsers under libFuzzer: `make fuzz`.
if Context.environment["OPENCLIP_FUZZING"] != nil {
    package.targets += [
        .target(name: "CFuzzer", path: "Tests/Fuzzing/CFuzzer"),
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "CLIPCore", "CLIPTokenizers", "CLIPImage", "CLIPImageFormats", "CLIPPipeline", "CLIPArchive",
                "CLIPHTTP",
                "CLIPModels", "CLIPCache", "CLIPDigest", "CLIPArrow", "CLIPEvaluation", "CLIPReport", "CLIPTesting",
                "CFuzzer",
                "CCurl",
            ],
            path: "Tests/Fuzzing",
            exclude: ["CFuzzer", "Corpus"]
        ),
    ]
}

package.products += libraries.map { .library(name: $0, targets: [$0]) }

// Those who depend on this package would resolve the plug-in too, so it is there only for who asks for it:
// OPENCLIP_DOCUMENTATION=1 swift package generate-documentation --target CLIPCore
if Context.environment["OPENCLIP_DOCUMENTATION"] != nil {
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}

// Some test targets and what they need alone, which `make test-asan` and `make test-tsan` build with sanitizers.
if let tests = Context.environment["OPENCLIP_TESTS"] {
    func needed(by names: [String]) -> Set<String> {
        var found = Set<String>()
        var rest = names
        while let name = rest.popLast() {
            guard found.insert(name).inserted, let target = package.targets.first(where: { $0.name == name }) else {
                continue
            }
            for dependency in target.dependencies {
                switch dependency {
                case .targetItem(let name, _), .byNameItem(let name, _): rest.append(name)
                default: break
                }
            }
        }
        return found
    }
    let kept = needed(by: tests.split(separator: " ").map(String.init))
    package.targets.removeAll { !kept.contains($0.name) }
    package.products.removeAll { !kept.contains($0.name) }
}

// Arithmetic takes too long in debug builds, which `make test-tsan` needs.
if let names = Context.environment["OPENCLIP_OPTIMISED"]?.split(separator: " ").map(String.init) {
    for target in package.targets where names.contains(target.name) {
        target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-O"])]
        target.cSettings = (target.cSettings ?? []) + [.unsafeFlags(["-O2"])]
    }
}

for target in package.targets where [.executable, .regular, .test].contains(target.type) {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        ]
}
