import CLIPCore
import CLIPModels
import CLIPTesting
import Testing

/// Which of a model's bundles a run may use, on machines with and without a GPU, an engine, or instructions.
@Suite struct EngineCandidatesTests {
    private let folder: TemporaryFolder

    /// A model with a bundle for each engine, and one of 8-bit integers for OpenVINO.
    init() throws {
        folder = try TemporaryFolder()
        let modules = ["image.pt", "text.xml", "text.bin"]
        try MadeUpBundle(image: "image.pt", hasOperators: true, files: modules).write(to: "m", in: folder)
        try MadeUpBundle(engine: "openvino").write(to: "m-openvino", in: folder)
        try MadeUpBundle(engine: "openvino", precision: "int8").write(to: "m-openvino-int8", in: folder)
    }

    private func candidates(
        _ name: String,
        format: EncoderFormat? = nil,
        device: String = "cpu",
        precision: Precision? = .fp32
    ) throws -> EngineCandidates {
        let path = "\(folder.path)/\(name)"
        return try EngineCandidates(
            named: ModelBundle(path: path, cacheFolder: nil),
            folders: BundleFolders(path),
            format: format,
            device: device,
            precision: precision
        )
    }

    private func names(_ candidates: EngineCandidates) -> [String] {
        candidates.bundles.map { String($0.path.dropFirst(folder.path.count + 1)) }
    }

    @Test(arguments: ["cuda", "cuda:0", "cuda:1"]) func onlyTorchScriptRunsOnAGPU(device: String) throws {
        for precision in [.fp32, nil] as [Precision?] {
            for name in ["m", "m-openvino"] {
                let found = try candidates(name, device: device, precision: precision)
                #expect(found.format == .torchScript && names(found) == ["m"], "\(name)")
            }
        }
        // Asked for by name, it is a candidate, and the engine says that it has no GPU.
        #expect(try names(candidates("m", format: .openVINO, device: device)) == ["m-openvino"])
    }

    @Test func aModelForOpenVINOAloneHasNoCandidateForAGPU() throws {
        try MadeUpBundle(engine: "openvino").write(to: "other-openvino", in: folder)
        let found = try candidates("other-openvino", device: "cuda")
        #expect(found.bundles.isEmpty && found.format == .torchScript)
    }

    @Test func onACPUEnginesAreComparedInOnePrecision() throws {
        #expect(try names(candidates("m")) == ["m", "m-openvino"])
        #expect(try names(candidates("m-openvino")) == ["m-openvino", "m"])
        #expect(try names(candidates("m", precision: .int8)) == ["m", "m-openvino-int8"])
        #expect(try names(candidates("m", precision: nil)) == ["m", "m-openvino", "m-openvino-int8"])
    }

    @Test func aBundleOfAnotherModelIsRefused() throws {
        try MadeUpBundle(engine: "openvino", vector: -1).write(to: "m-openvino", in: folder)
        let error = #expect(throws: CLIPError.self) { try candidates("m") }
        #expect(error?.code == .modelMismatch)
        #expect(try names(candidates("m", device: "cuda")) == ["m"])
    }

    @Test func anEngineThatIsNotInstalledIsLeftOut() async throws {
        let missing = CLIPError(.missingLibrary, "OpenVINO is not installed.")
        let found = try await candidates("m").fastest { bundle in
            let format = bundle.encoderFormat
            return InferenceEngine(MadeUpRuntime(format: format, missing: format == .openVINO ? missing : nil))
        }
        #expect(found.bundle.encoderFormat == .torchScript)
        #expect(found.message.hasPrefix("OpenVINO is not installed. The engines' speed on this machine, images/s: "))
        let error = await #expect(throws: CLIPError.self) {
            try await candidates("m").fastest {
                InferenceEngine(MadeUpRuntime(format: $0.encoderFormat, missing: missing))
            }
        }
        #expect(error?.code == .missingLibrary)
    }

    /// The encoder is loaded in each precision, and there may be memory for the run's alone.
    @Test func adviceThatCannotBeMeasuredEndsNoRun() async throws {
        let bundle = try ModelBundle(path: "\(folder.path)/m-openvino", cacheFolder: nil)
        let full = MadeUpRuntime(format: .openVINO, failure: CLIPError(.outOfMemory, "There is no memory left."))
        #expect(await bundle.speedsForAdvice(on: InferenceEngine(full)) == nil)
        #expect(await bundle.speedsForAdvice(on: InferenceEngine(MadeUpRuntime(format: .openVINO))) != nil)
    }

    @Test func aCPUWithoutThePrecisionIsAnErrorThatSaysWhichItHas() async throws {
        let error = await #expect(throws: CLIPError.self) {
            try await candidates("m", precision: .bf16).fastest {
                InferenceEngine(MadeUpRuntime(format: $0.encoderFormat, has: [.fp32, .int8]))
            }
        }
        #expect(error?.code == .device)
        #expect(
            error?.message
                == "This CPU has no instructions for bf16; the model runs on it in fp32 or int8. Pass that with --precision."
        )
    }
}
