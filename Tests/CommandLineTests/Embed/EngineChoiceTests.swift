import CLIPCore
import CLIPModels
import CLIPTesting
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Which of a model's bundles is used.
///
/// `make test` makes a model that runs in every precision; the default one runs as it is stored.
@Suite(.ownThreads) struct EngineChoiceTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        try place.addPhoto("gray.jpg", as: "gray.jpg")
    }

    /// A bundle with the files of another one, with a changed manifest.
    private func link(_ name: String, to source: String, precision: String = #""precision": "fp32""#) throws {
        let manifest = String(decoding: try FileBytes.read("\(source)/model.json"), as: UTF8.self)
        let stored = #""precision": "fp32""#
        try #require(manifest.contains(stored))
        try place.write(manifest.replacing(stored, with: precision), "\(name)/model.json")
        for file in try FolderNames.list(Array(source.utf8)).map({ String(decoding: $0, as: UTF8.self) }) {
            guard file != "model.json" else { continue }
            try #require(symlink("\(source)/\(file)", place.path("\(name)/\(file)")) == 0)
        }
    }

    @Test func aBrokenNeighbourStopsOnlyWhatNeedsIt() throws {
        let source = ModelLibrary.path(of: ModelLibrary.defaultName)
        try link("m", to: source)
        for name in ["m-int8", "m-openvino", "m-openvino-int8"] { try place.write("{}", "\(name)/model.json") }
        let model = ["--model", place.path("m")]
        let result = try place.embed(model[0], model[1], "--engine", "torch")
        #expect(result.status == 0, "\(result.errors)")
        let found = try place.run("search", place.path("store"), "a cat", model[0], model[1])
        #expect(found.status == 0, "\(found.errors)")
        // It was made with another model, and that is what is said.
        try link("other", to: source, precision: #""precision":  "fp32""#)
        try place.write("{}", "other-openvino/model.json")
        let other = try place.run("search", place.path("store"), "a cat", "--model", place.path("other"))
        #expect(other.errors.contains("was made with the model"), "\(other.errors)")

        let again = try Tool.run(
            ["embed", place.path("photos"), "--output", place.path("new"), "--engine", "auto"] + model,
            scratch: place.folder
        )
        #expect(again.status != 0 && again.errors.contains("m-openvino/model.json"), "\(again.errors)")
        let kept = try place.embed(model[0], model[1], "--engine", "auto")
        #expect(kept.status == 0, "\(kept.errors)")
    }

    /// Otherwise `int8` would be chosen, because it is the fastest.
    @Test func aFormatThatIsNoPrecisionIsNotComparedWithAll() throws {
        try link("m", to: ModelLibrary.path(of: ModelLibrary.defaultName), precision: #""precision": "fp16""#)
        try place.write("{}", "m-int8/model.json")
        let result = try place.embed("--model", place.path("m"), "--engine", "auto")
        #expect(result.status == 0, "\(result.errors)")
        #expect(try place.run("store", "info", place.path("store")).output.contains("fp16"))
    }

    /// Speeds are those of the CPU.
    @Test func nothingIsMeasuredOnAGPU() throws {
        let source = RepositoryFile.path("build/test-models/vit-quickgelu")
        for name in ["m", "m-int8"] { try link(name, to: source) }
        let options = ["--device", "cuda", "--engine", "auto", "--precision", "auto"]
        let result = try Tool.run(
            ["embed", place.path("photos"), "--output", place.path("store"), "--model", place.path("m")] + options,
            scratch: place.folder
        )
        #expect(result.status >= 0 && !result.errors.contains("speed on this machine"), "\(result.errors)")
    }
}
