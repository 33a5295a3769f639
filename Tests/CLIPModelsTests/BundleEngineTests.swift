import CLIPCore
import CLIPModels
import CLIPTesting
import Testing

@Suite struct BundleEngineTests {
    /// An engine that is never asked to load anything.
    private struct NoRuntime: EngineRuntime {
        let format: EncoderFormat
        var device = "cpu"
        var padsParts: Bool { format == .openVINO }

        func version() -> String { "" }
        func devices() -> [String] { [device] }
        func precisions() -> [Precision] { [.fp32] }
        var threads = 12
        func threadCount() -> Int { threads }
        func load(_ file: EncoderFile) throws -> any EncoderModule { throw CLIPError(.inference, "loaded") }
    }

    /// A bundle with as much as is read before the encoders' files.
    private func bundle(
        engine: String?,
        image: String = "image.xml",
        precision: String = "fp32",
        files: [String] = ["image.xml", "image.bin", "text.xml", "text.bin"],
        running: Precision = .fp32
    ) throws -> ModelBundle {
        let field = engine.map { #""engine":"\#($0)","# } ?? ""
        let hashes = (files + ["golden.json", "merges"]).map { #""\#($0)":"""# }.joined(separator: ",")
        let model = """
            {"format_version":2,\(field)"name":"m","origin":"","description":"","precision":"\(precision)",
            "embedding_dimension":1,"image":{"file":"\(image)","size":[1,1],"resize_mode":"shortest",
            "interpolation":"bicubic","input_layout":"NHWC-uint8","batch":"joint"},
            "text":{"file":"text.xml","cleaning":"lower","context_length":16,"padding":"context",
            "tokenizer":{"kind":"clip-bpe","vocabulary":"merges"}},
            "golden":{"file":"golden.json"},"files":{\(hashes)}}
            """
        let folder = try TemporaryFolder()
        try folder.write(Array(model.utf8), to: "model.json")
        return try ModelBundle(path: folder.path, precision: running, cacheFolder: nil)
    }

    @Test func aBundleThatNamesNoEngineIsTorchScript() throws {
        let model = try bundle(engine: nil).model
        #expect(model.engine == "torchscript" && model.precision == "fp32")
        #expect(try bundle(engine: "openvino").model.engine == "openvino")
    }

    @Test func anUnknownEngineNamesTheField() throws {
        let error = #expect(throws: CLIPError.self) { try bundle(engine: "tensorflow") }
        #expect(error?.code == .invalidModel && error?.message.contains("'engine' has an unknown value") == true)
    }

    @Test func theWeightsOfANetworkAreListed() throws {
        let error = #expect(throws: CLIPError.self) {
            try bundle(engine: "openvino", files: ["image.xml", "text.xml", "text.bin"])
        }
        #expect(error?.message.contains("'files' does not list image.bin") == true)
        let module = #expect(throws: CLIPError.self) {
            try bundle(engine: "openvino", image: "image.pt", files: ["image.pt", "text.xml", "text.bin"])
        }
        #expect(module?.message.contains("'engine' is openvino, but image.pt is no .xml file") == true)
    }

    @Test(arguments: ["../text.pt", "/etc/passwd", "a/../../b", "", "a//b"])
    func aFileOutsideTheBundleIsRefused(name: String) throws {
        let error = #expect(throws: CLIPError.self) {
            try bundle(engine: "openvino", files: ["image.xml", "image.bin", "text.xml", "text.bin", "merges", name])
        }
        #expect(error?.code == .invalidModel && error?.message.contains("which is not inside the bundle") == true)
    }

    @Test func anotherEngineIsRefusedBeforeAnythingIsRead() async throws {
        let bundle = try bundle(engine: "openvino")
        let torch = InferenceEngine(NoRuntime(format: .torchScript))
        let error = #expect(throws: CLIPError.self) { try bundle.imageEncoder(on: torch) }
        #expect(error?.code == .invalidModel)
        #expect(error?.message.contains("'engine' is openvino, so TorchScript cannot run the model") == true)
        #expect(error?.message.contains("import CLIPOpenVINO") == true)
        #expect(throws: CLIPError.self) { try bundle.lazyImageEncoder(on: torch) }
        #expect(throws: CLIPError.self) { try bundle.textEncoder(on: torch) }
    }

    @Test func paddedPartsNeedABatchThatGivesEveryThreadOne() throws {
        let bundle = try bundle(engine: "openvino")
        #expect(try bundle.imagesForAllThreads(of: InferenceEngine(NoRuntime(format: .openVINO))) == 96)
        #expect(try bundle.imagesForAllThreads(of: InferenceEngine(NoRuntime(format: .torchScript))) == 1)
        let many = InferenceEngine(NoRuntime(format: .openVINO, threads: 256))
        #expect(try bundle.imagesForAllThreads(of: many) == 1024)
    }

    /// Otherwise a store would record a precision that its vectors do not have.
    @Test func aPrecisionOfCPUsIsRefusedOnAGPU() throws {
        let bundle = try bundle(engine: "openvino", running: .bf16)
        let engine = InferenceEngine(NoRuntime(format: .openVINO, device: "cuda:0"))
        let error = #expect(throws: CLIPError.self) { try bundle.lazyImageEncoder(on: engine) }
        #expect(error?.code == .device && error?.message.contains("bf16 on a CPU only") == true)
    }

    @Test func precisionsAreThoseOfTheEngine() throws {
        #expect(try bundle(engine: "openvino", running: .bf16).model.precision == "bf16")
        #expect(try bundle(engine: "openvino", precision: "int8").model.precision == "int8")
        #expect(try bundle(engine: "openvino", precision: "int8", running: .int8).model.precision == "int8")
        let error = #expect(throws: CLIPError.self) { try bundle(engine: "openvino", running: .int8) }
        #expect(error?.message.contains("runs in fp32 or bf16, not in int8") == true)
        let stored = #expect(throws: CLIPError.self) { try bundle(engine: nil, running: .bf16) }
        #expect(stored?.message.contains("runs only as it is stored (fp32), not in bf16") == true)
    }
}
