import CLIPCore
import CLIPImage
import CLIPTesting
import CLIPTorch
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The default model, from file to vector, against the reference outputs that Python wrote into its bundle.
@Suite(.serialized) struct DefaultModelTests {
    /// What other runs remembered is not used.
    static let bundle = Result {
        try ModelBundle(path: ModelLibrary.path(of: ModelLibrary.defaultName), cacheFolder: nil)
    }

    @Test func imagesAndTextsEqualThePythonReference() async throws {
        let decoder = ImageFileDecoder(options: .init(orientation: .ignore))
        let check = try await Self.bundle.get().check(decoder: decoder)
        #expect(check.preprocessing.count >= 6 && check.preprocessing.equal == check.preprocessing.count)
        #expect(check.tokens.count >= 12 && check.tokens.equal == check.tokens.count)
        // The reference is eager Python in 32-bit floats; TorchScript fuses and reorders sums.
        #expect(check.images.worstCosine >= 0.99999)
        #expect(check.texts.worstCosine >= 0.99999)
        #expect(check.images.largestDifference < 1e-4)
        #expect(check.texts.largestDifference < 1e-4)
    }

    @Test func theImageEncoderKeepsTheContract() async throws {
        try await Conformance.check(try Self.bundle.get().imageEncoder())
    }

    @Test func textsAreEmbeddedInOrderWhateverTheBatch() async throws {
        let bundle = try Self.bundle.get()
        let texts = ["a cat", "a photograph of a very large red building by the sea", "dog", "", "a cat"]
        let batches = TextEmbedder(tokenizer: try bundle.tokenizer(), encoder: try bundle.textEncoder(on: .torch()))
        let together = try await batches.embed(texts)
        let singly = try await bundle.textEmbedder().embed(texts)
        for row in texts.indices {
            let cosine = zip(together[row: row], singly[row: row]).reduce(0) { $0 + $1.0 * $1.1 }
            // Padding changes the order of sums, in 32-bit floats.
            #expect(cosine > 0.9999)
        }
        #expect(together[row: 0] == together[row: 4])
    }

    /// libtorch and OpenBLAS both export `sgemm_`.
    ///
    /// Were one of another library seen by all, it would come before libtorch's, and encoding would be several times slower.
    @Test func scoringLeavesLibtorchItsOwnMatrixProduct() throws {
        _ = try Self.bundle.get().imageEncoder()
        try #require(OpenBLAS.shared != nil, "OpenBLAS is not installed: run make setup")
        let libtorch = try #require(dlopen("libtorch_cpu.so", RTLD_NOW | RTLD_NOLOAD))
        #expect(dlsym(libtorch, "sgemm_") != nil)
        #expect(dlsym(nil, "sgemm_") == nil, "another library's sgemm_ takes the place of libtorch's")
        #expect(dlsym(nil, "openblas_get_corename") == nil, "OpenBLAS is visible to libtorch")
    }

    /// The default model has no operators, so it runs only as it is stored.
    @Test func aPrecisionThatABundleDoesNotHaveIsAnError() throws {
        let error = #expect(throws: CLIPError.self) { try ModelBundle(named: "default", precision: .int8) }
        #expect(error?.code == .invalidModel)
        #expect(error?.message.contains("runs only as it is stored (fp32), not in int8") == true)
    }
}

@Suite struct ModelBundleTests {
    /// A copy of the default bundle's small files, to damage.
    private func copy(_ folder: TemporaryFolder, changing change: (inout String) -> Void) throws {
        let source = ModelLibrary.path(of: ModelLibrary.defaultName)
        var json = String(decoding: try FileBytes.read(source + "/model.json"), as: UTF8.self)
        change(&json)
        try folder.write(Array(json.utf8), to: "model.json")
        for name in ["image_encoder.pt", "text_encoder.pt", "golden.json", "golden.f32", "vocab.txt", "NOTICE.txt"] {
            symlink("\(source)/\(name)", "\(folder.path)/\(name)")
        }
        symlink("\(source)/golden", "\(folder.path)/golden")
    }

    private func error(of folder: TemporaryFolder) -> CLIPError? {
        #expect(throws: CLIPError.self) { try ModelBundle(path: folder.path, cacheFolder: nil).verifyFiles() }
    }

    @Test func aCopyIsTheSameModel() throws {
        let folder = try TemporaryFolder()
        try copy(folder) { _ in }
        let original = try DefaultModelTests.bundle.get()
        #expect(try ModelBundle(path: folder.path, cacheFolder: nil).model == original.model)
    }

    @Test func aFolderWithoutAModelIsNamed() throws {
        let folder = try TemporaryFolder()
        let error = error(of: folder)
        #expect(error?.code == .notFound)
        #expect(error?.message.contains(folder.path) == true)
    }

    @Test func aMissingFileIsNamed() throws {
        let folder = try TemporaryFolder()
        try copy(folder) { _ in }
        unlink(folder.path + "/vocab.txt")
        let error = error(of: folder)
        #expect(error?.code == .invalidModel)
        #expect(error?.message.contains("vocab.txt, which model.json lists, is missing") == true)
    }

    @Test func anAlteredFileIsNamed() throws {
        let folder = try TemporaryFolder()
        try copy(folder) { _ in }
        unlink(folder.path + "/vocab.txt")
        try folder.write([1, 2, 3], to: "vocab.txt")
        let error = error(of: folder)
        #expect(error?.code == .invalidModel)
        #expect(error?.message.contains("was modified: vocab.txt") == true)
    }

    @Test func aFileIsCheckedWhenItIsUsed() async throws {
        let folder = try TemporaryFolder()
        try copy(folder) { _ in }
        for name in ["vocab.txt", "text_encoder.pt", "NOTICE.txt"] {
            unlink("\(folder.path)/\(name)")
            try folder.write([1, 2, 3], to: name)
        }
        let bundle = try ModelBundle(path: folder.path, cacheFolder: "\(folder.path)/cache")
        _ = try bundle.imageEncoder()
        let tokenizer = #expect(throws: CLIPError.self) { try bundle.tokenizer() }
        #expect(tokenizer?.message.contains("was modified: vocab.txt") == true)
        let encoder = #expect(throws: CLIPError.self) { try bundle.textEncoder(on: .torch()) }
        #expect(encoder?.message.contains("was modified: text_encoder.pt") == true)
        let embedder = await #expect(throws: CLIPError.self) { try await bundle.textEmbedder().embed(["a cat"]) }
        #expect(embedder?.code == .invalidModel)
    }

    @Test func vectorsOfAnotherLengthThanTheDescriptionSaysAreAnError() async throws {
        let folder = try TemporaryFolder()
        try copy(folder) { $0.replace(#""embedding_dimension": 384"#, with: #""embedding_dimension": 512"#) }
        let bundle = try ModelBundle(path: folder.path, cacheFolder: nil)
        var batch = ImageBatch(height: 224, width: 224)
        batch.pad(to: 1)
        let encoder = try bundle.imageEncoder()
        let error = await #expect(throws: CLIPError.self) { try await encoder.encode(batch) }
        #expect(error?.code == .inference)
        #expect(error?.message.contains("returned a tensor of shape [1, 384]") == true)
    }

    static let mistakes: [(String, String, String)] = [
        (#""format_version": 1"#, #""format_version": 9"#, "'format_version' is 9"),
        (#""embedding_dimension": 384,"#, "", "'embedding_dimension' is missing"),
        (
            #""embedding_dimension": 384"#, #""embedding_dimension": "many""#,
            "'embedding_dimension' has a value of the wrong type"
        ),
        (
            #""resize_mode": "shortest""#, #""resize_mode": "stretch""#,
            "'image.resize_mode' has an unknown value"
        ),
        (#""NHWC-uint8""#, #""NCHW-float32""#, "'image.input_layout' is 'NCHW-float32'"),
        (#""kind": "wordpiece""#, #""kind": "magic""#, "'text.tokenizer.kind' has an unknown value"),
        ("{", "[", "not valid JSON"),
    ]

    @Test(arguments: mistakes)
    func aMistakeInTheDescriptionNamesTheField(_ old: String, _ new: String, _ message: String) throws {
        let folder = try TemporaryFolder()
        try copy(folder) { json in
            let parts = json.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
            json = parts.joined(separator: new)
        }
        let error = error(of: folder)
        #expect(error?.code == .invalidModel)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "no error")")
    }
}

@Suite struct TorchDeviceTests {
    @Test(arguments: [("cpu", "cpu"), ("cuda", "cuda:0"), ("cuda:1", "cuda:1")])
    func namesAreRead(_ name: String, _ expected: String) throws {
        #expect(try TorchDevice(name).description == expected)
    }

    @Test(arguments: ["", "gpu", "cuda:", "cuda:-1", "cuda:x", "cpu:0", "cuda:0:0"])
    func otherNamesAreErrors(_ name: String) {
        let error = #expect(throws: CLIPError.self) { try TorchDevice(name) }
        #expect(error?.code == .device)
    }

    @Test(arguments: [99, 256, 1 << 32])
    func aDeviceThatIsNotThereIsAnError(_ index: Int) throws {
        let bundle = try DefaultModelTests.bundle.get()
        let error = #expect(throws: CLIPError.self) { try bundle.imageEncoder(device: .cuda(index)) }
        #expect(error?.code == .device)

        // A GPU is looked for before a run begins, also for an encoder that may have nothing to encode.
        let early = #expect(throws: CLIPError.self) { try bundle.lazyImageEncoder(on: .torch(.cuda(index))) }
        #expect(early?.code == .device)
    }
}
