import CLIPCore
import CLIPModels
import CLIPTesting
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Encoders are programs: nobody but the user, or whom the user trusts, decides what they are.
@Suite struct BundleTrustTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let model = """
            {"format_version":2,"engine":"openvino","name":"m","origin":"","description":"","precision":"fp32",
            "embedding_dimension":1,"image":{"file":"image.xml","size":[1,1],"resize_mode":"shortest",
            "interpolation":"bicubic","input_layout":"NHWC-uint8"},
            "text":{"file":"text.xml","cleaning":"lower","context_length":16,"padding":"context",
            "tokenizer":{"kind":"clip-bpe","vocabulary":"merges"}},"golden":{"file":"golden.json"},
            "files":{"image.xml":"","image.bin":"","text.xml":"","text.bin":"","golden.json":"","merges":""}}
            """
        for name in ["model", "model-openvino"] { try folder.write(Array(model.utf8), to: "\(name)/model.json") }
    }

    private func set(_ mode: Int, _ name: String) throws {
        try #require(chmod("\(folder.path)/\(name)", mode_t(mode)) == 0)
    }

    private func neighbour() throws -> ModelBundle {
        let model = try ModelBundle(named: "\(folder.path)/model", usesCache: false)
        return try model.neighbour(at: "\(folder.path)/model-openvino")
    }

    @Test(arguments: [("model-openvino", 0o777), ("model-openvino/model.json", 0o666)])
    func aNeighbourThatEverybodyMayWriteIsRefused(name: String, mode: Int) throws {
        for name in ["model-openvino", "model-openvino/model.json"] { try set(0o755, name) }
        #expect(try neighbour().model.name == "m")
        try set(mode, name)
        let error = #expect(throws: CLIPError.self) { try neighbour() }
        #expect(error?.code == .unreadable)
        #expect(error?.message.contains("\(folder.path)/\(name) belongs to another user or may be") == true)
    }

    /// A bundle that is exported again may have another identity, and then no store takes it.
    @Test func aDamagedBundleIsToBeCopiedAgain() throws {
        let bundle = try ModelBundle(named: "\(folder.path)/model", usesCache: false)
        let advice = "Copy it again from where it is whole."
        let missing = #expect(throws: CLIPError.self) { try bundle.require("text.xml") }
        #expect(missing?.message.contains("text.xml, which model.json lists, is missing. \(advice)") == true)
        try folder.write([0], to: "model/text.xml")
        let modified = #expect(throws: CLIPError.self) { try bundle.require("text.xml") }
        #expect(modified?.message.contains("was modified: text.xml") == true)
        #expect(modified?.message.contains(advice) == true)
    }

    @Test func aBundleThatIsNamedByItsPathWasChosen() throws {
        try set(0o777, "model")
        #expect(try ModelBundle(named: "\(folder.path)/model", usesCache: false).model.name == "m")
    }

    /// As in `/tmp`, nobody can replace the files of others there.
    @Test func aFolderWhereEverybodyMayAddFilesIsUsed() throws {
        try set(0o755, "model-openvino/model.json")
        try set(0o1777, "model-openvino")
        #expect(try neighbour().model.name == "m")
    }

    @Test(.enabled(if: geteuid() == 0))
    func aNeighbourOfAnotherOwnerIsRefusedUnlessTheBundleIsTheirsToo() throws {
        for name in ["model-openvino", "model-openvino/model.json"] { try set(0o755, name) }
        try #require(chown("\(folder.path)/model-openvino", 12345, gid_t.max) == 0)
        #expect(throws: CLIPError.self) { try neighbour() }
        try #require(chown("\(folder.path)/model", 12345, gid_t.max) == 0)
        #expect(try neighbour().model.name == "m")
        try #require(chown("\(folder.path)/model-openvino", 12346, gid_t.max) == 0)
        #expect(throws: CLIPError.self) { try neighbour() }
    }
}
