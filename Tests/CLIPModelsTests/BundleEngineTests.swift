import CLIPCore
import CLIPModels
import CLIPTesting
import Testing

@Suite struct BundleEngineTests {
    private func bundle(
        engine: String?,
        image: String = "image.xml",
        precision: String = "fp32",
        files: [String] = ["image.xml", "image.bin", "text.xml", "text.bin"],
        running: Precision = .fp32
    ) throws -> ModelBundle {
        let folder = try TemporaryFolder()
        try MadeUpBundle(engine: engine, image: image, precision: precision, files: files).write(to: "m", in: folder)
        return try ModelBundle(path: "\(folder.path)/m", precision: running, cacheFolder: nil)
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
        let torch = InferenceEngine(MadeUpRuntime(format: .torchScript))
        let error = #expect(throws: CLIPError.self) { try bundle.imageEncoder(on: torch) }
        #expect(error?.code == .invalidModel)
        #expect(error?.message.contains("'engine' is openvino, so TorchScript cannot run the model") == true)
        #expect(error?.message.contains("import CLIPOpenVINO") == true)
        #expect(throws: CLIPError.self) { try bundle.lazyImageEncoder(on: torch) }
        #expect(throws: CLIPError.self) { try bundle.textEncoder(on: torch) }
    }

    @Test func paddedPartsNeedABatchThatGivesEveryThreadOne() throws {
        let bundle = try bundle(engine: "openvino")
        #expect(try bundle.imagesForAllThreads(of: InferenceEngine(MadeUpRuntime(format: .openVINO))) == 96)
        #expect(try bundle.imagesForAllThreads(of: InferenceEngine(MadeUpRuntime(format: .torchScript))) == 1)
        let many = InferenceEngine(MadeUpRuntime(format: .openVINO, threads: 256))
        #expect(try bundle.imagesForAllThreads(of: many) == 1024)
    }

    /// Otherwise a store would record a precision that its vectors do not have.
    @Test func aPrecisionOfCPUsIsRefusedOnAGPU() throws {
        let bundle = try bundle(engine: "openvino", running: .bf16)
        let engine = InferenceEngine(MadeUpRuntime(format: .openVINO, device: "cuda:0"))
        let error = #expect(throws: CLIPError.self) { try bundle.lazyImageEncoder(on: engine) }
        #expect(error?.code == .device && error?.message.contains("bf16 on a CPU only") == true)
    }

    @Test func aPrecisionThatTheCPULacksIsRefusedWithThoseThatItHas() async throws {
        let bundle = try bundle(engine: "openvino", running: .bf16)
        let engine = InferenceEngine(MadeUpRuntime(format: .openVINO, has: [.fp32, .int8]))
        let error = #expect(throws: CLIPError.self) { try bundle.imageEncoder(on: engine) }
        #expect(error?.code == .device)
        #expect(error?.message == "This CPU has no instructions for bf16; \(bundle.path) runs on it in fp32.")
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
