import CLIPArrow
import CLIPCore
import CLIPTesting
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// libtorch and Arrow are needed where they are used, and nowhere else.
@Suite(.serialized, .ownThreads) struct MissingLibraryTests {
    /// A wrapper, and what it opens.
    enum Wrapper: String, CaseIterable {
        case libtorch = "libtorch-c.so.3"
        case arrow = "libparquet-c.so.3"

        /// The wrapper's file, which this process is linked against too.
        var path: String {
            get throws {
                let maps = String(decoding: try FileBytes.read("/proc/self/maps"), as: UTF8.self)
                let line = try #require(maps.split(separator: "\n").first { $0.contains("/\(rawValue)") })
                return String(try #require(line.split(separator: " ").last))
            }
        }
    }

    private let place: Workplace

    init() throws {
        place = try Workplace()
        try place.addPhoto("rgb-420.jpg", as: "a.jpg")
        try place.write(Workplace.categories, "categories.yaml")
    }

    /// Runs the tool with copies of wrappers that lie apart from what they open.
    private func run(_ arguments: [String], without wrappers: [Wrapper]) throws -> Tool.Result {
        let folder = "without-" + wrappers.map { "\($0)" }.joined(separator: "-")
        for wrapper in wrappers {
            try place.write(FileBytes.read(wrapper.path), "\(folder)/\(wrapper.rawValue)")
        }
        let folders = place.path(folder) + "${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
        return try Tool.run(arguments, script: "LD_LIBRARY_PATH=\"\(folders)\" exec \"$@\"", scratch: place.folder)
    }

    @Test func commandsThatUseNeitherRunWithoutThem() throws {
        let commands = [
            ["--version"],
            ["embed", "--help"],
            ["tokenize", "a cat"],
            ["lint", place.path("categories.yaml"), "--no-model"],
            ["preprocess", place.path("photos/a.jpg"), "--output", place.path("pixels.npy")],
        ]
        for command in commands {
            let result = try run(command, without: Wrapper.allCases)
            #expect(!result.output.isEmpty && !result.errors.contains("error:"), "\(command): \(result.errors)")
            #expect(result.status < 2, "\(command)")
        }
    }

    @Test(.enabled(if: !Sanitizer.isUsed)) func aCommandThatLoadsAModelSaysThatLibtorchIsMissing() throws {
        let result = try run(["encode-text", "a cat", "--output", place.path("x.npy")], without: [.libtorch])
        #expect(result.status == 3)
        #expect(result.errors.contains("error: libtorch cannot be loaded: libtorch-c-"))
        #expect(result.errors.contains(place.path("without-libtorch/swift-openclip/")))
        #expect(result.errors.contains("Run 'make setup'"))
        #expect(access(place.path("x.npy"), F_OK) != 0)
    }

    @Test(.enabled(if: !Sanitizer.isUsed)) func aBundleIsDescribedWithoutLibtorch() throws {
        let result = try run(["models", "show"], without: [.libtorch])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        #expect(result.output.contains("dimension"))

        let devices = try run(["models", "devices"], without: [.libtorch])
        #expect(devices.status == 0 && devices.output.hasPrefix("libtorch is missing\nOpenVINO "), "\(devices.output)")
        #expect(devices.output.contains("\n  cpu\n"), "\(devices.output)")
        #expect(devices.errors.contains("libtorch cannot be loaded: libtorch-c-"), "\(devices.errors)")
    }

    @Test func devicesAreThoseOfEveryEngineThatIsFound() throws {
        let all = try place.run("models", "devices")
        #expect(all.status == 0 && all.errors.isEmpty, "\(all.errors)")
        #expect(all.output.contains(/libtorch [0-9.+a-z]+\n  cpu\n/), "\(all.output)")
        #expect(all.output.contains(/OpenVINO [0-9]\S+\n  cpu\n/), "\(all.output)")

        let script = "OPENVINO=\"\(place.path("nothing"))\" exec \"$@\""
        let torch = try Tool.run(["models", "devices"], script: script, scratch: place.folder)
        #expect(torch.status == 0 && torch.output.hasSuffix("\nOpenVINO is missing\n"), "\(torch.output)")
        #expect(torch.errors.contains("OpenVINO is not installed."), "\(torch.errors)")

        try place.write("no library", "damaged/libopenvino_c.so")
        let damaged = "OPENVINO=\"\(place.path("damaged"))\" exec \"$@\""
        let other = try Tool.run(["models", "devices"], script: damaged, scratch: place.folder)
        #expect(other.status == 0 && other.output.contains("\nOpenVINO "), "\(other.output)")
        #expect(other.errors.contains("Cannot load OpenVINO: \(place.path("damaged"))"), "\(other.errors)")
    }

    @Test(.enabled(if: !Sanitizer.isUsed)) func aCommandThatOpensAStoreSaysThatArrowIsMissing() throws {
        try #require(try place.embed().status == 0)
        let result = try run(["store", "info", place.path("store")], without: [.arrow])
        #expect(result.status == 3)
        #expect(result.errors.contains("Arrow cannot be loaded: libparquet-c-implementation-"))

        let embedding = try run(["embed", place.path("photos"), "--output", place.path("other")], without: [.arrow])
        #expect(embedding.status == 3)
        #expect(embedding.errors.contains("Arrow cannot be loaded"))
    }

    @Test func aRunThatReadsURLsEndsWhereLibcurlIsMissing() throws {
        try place.write("no library", "without-libcurl/libcurl.so.4")
        try place.write("https://example.com/a.jpg\n", "urls.txt")
        let arguments = ["embed", "--files-from", place.path("urls.txt"), "--output", place.path("store")]
        let script =
            "LD_LIBRARY_PATH=\"\(place.path("without-libcurl"))${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}\" exec \"$@\""
        let result = try Tool.run(arguments, script: script, scratch: place.folder)
        #expect(result.status == 3)
        #expect(result.errors.contains("libcurl cannot be loaded: "), "\(result.errors)")
        #expect(try ParquetStore(path: place.path("store")).failures().isEmpty)
    }

    @Test func eachIsUsedWithoutTheOther() throws {
        let texts = try run(["encode-text", "a cat", "--output", place.path("x.npy")], without: [.arrow])
        #expect(texts.status == 0, "\(texts.errors)")
        try #require(try place.embed().status == 0)
        let store = try run(["store", "info", place.path("store")], without: [.libtorch])
        #expect(store.status == 0, "\(store.errors)")
    }
}
