import CLIPCore
import CLIPDigest
import CLIPModels
import CLIPTesting

/// An engine on a made-up machine, whose encoders give every input the same vector.
struct MadeUpRuntime: EngineRuntime {
    private struct Module: EncoderModule {
        func run<Element: FixedWidthInteger & Sendable>(
            _ values: [Element],
            shape: [Int],
            dimension: Int
        ) -> EmbeddingMatrix {
            EmbeddingMatrix(dimension: dimension, values: [Float](repeating: 1, count: shape[0] * dimension))
        }
    }

    let format: EncoderFormat
    var device = "cpu"
    var threads = 12
    var has: [Precision] = [.fp32]
    var missing: CLIPError?
    /// Why no encoder can be loaded.
    var failure: CLIPError?

    var padsParts: Bool { format == .openVINO }
    func version() -> String { "" }
    func devices() -> [String] { [device] }
    func threadCount() -> Int { threads }

    func load(_ file: EncoderFile) throws -> any EncoderModule {
        if let failure { throw failure }
        return Module()
    }

    func precisions() throws -> [Precision] {
        if let missing { throw missing }
        return has
    }
}

/// Writes the folder of a bundle with as much as is read without running it.
struct MadeUpBundle {
    var engine: String?
    var image = "image.xml"
    var precision = "fp32"
    var hasOperators = false
    var files = ["image.xml", "image.bin", "text.xml", "text.bin"]
    /// The only number of its reference vectors.
    var vector: Float = 1

    func write(to name: String, in folder: TemporaryFolder) throws {
        let field = engine.map { #""engine":"\#($0)","# } ?? ""
        let hash = SHA256.hexadecimal(of: [])
        let hashes = (files + ["golden.json", "merges"]).map { #""\#($0)":"\#(hash)""# }.joined(separator: ",")
        let model = """
            {"format_version":2,\(field)"name":"m","origin":"","description":"","precision":"\(precision)",
            "operators":\(hasOperators),"embedding_dimension":1,
            "image":{"file":"\(image)","size":[1,1],"resize_mode":"shortest",
            "interpolation":"bicubic","input_layout":"NHWC-uint8","batch":"joint"},
            "text":{"file":"text.xml","cleaning":"lower","context_length":16,"padding":"context",
            "tokenizer":{"kind":"clip-bpe","vocabulary":"merges"}},
            "golden":{"file":"golden.json"},"files":{\(hashes)}}
            """
        let golden = """
            {"embeddings":"golden.f32","dimension":1,"images":[{"file":"a.png","row":0}],
            "texts":[{"text":"a","token_ids":[],"row":0}],"preprocessed":[{"file":"a.png","sha256":""}]}
            """
        try folder.write(Array(model.utf8), to: "\(name)/model.json")
        try folder.write(Array(golden.utf8), to: "\(name)/golden.json")
        try folder.write(withUnsafeBytes(of: vector.bitPattern.littleEndian, Array.init), to: "\(name)/golden.f32")
        for file in files where !file.isEmpty && !file.contains("/") { try folder.write([], to: "\(name)/\(file)") }
    }
}
