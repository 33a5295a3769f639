import CLIPCore
import CLIPPipeline
import CLIPTesting
import Synchronization
import Testing

/// Each check lets a good conformer pass and catches one that breaks a promise.
@Suite struct ConformanceTests {
    /// The violation that a check finds.
    private func violation(_ check: () async throws -> Void) async -> String {
        do {
            try await check()
            return "none"
        } catch {
            return (error as? Conformance.Violation)?.description ?? "another error: \(error)"
        }
    }

    private struct ImageDouble: ImageEncoder {
        let model = ModelDescription.stub()
        let change: @Sendable (EmbeddingMatrix) -> EmbeddingMatrix

        func encode(_ batch: ImageBatch) throws -> EmbeddingMatrix { change(try StubImageEncoder().encode(batch)) }
    }

    private struct TextDouble: TextEncoder {
        let model = ModelDescription.stub()
        let change: @Sendable (EmbeddingMatrix) -> EmbeddingMatrix

        func encode(_ tokens: TokenBatch) throws -> EmbeddingMatrix { change(try StubTextEncoder().encode(tokens)) }
    }

    private static let faults: [(fault: @Sendable (EmbeddingMatrix) -> EmbeddingMatrix, advice: String)] = [
        (
            { EmbeddingMatrix(dimension: $0.dimension, values: $0.values.map { 2 * $0 }) },
            "divide each vector by its length"
        ),
        ({ EmbeddingMatrix(dimension: $0.dimension, values: $0[row: 0]) }, "return one for each"),
        ({ EmbeddingMatrix(dimension: 1, values: $0.values.map { _ in 1 }) }, "return one for each"),
        ({ EmbeddingMatrix(dimension: 1, values: (0..<$0.count).map { _ in 1 }) }, "make them equal"),
        (
            { batch in
                EmbeddingMatrix(
                    dimension: batch.dimension,
                    values: (0..<batch.count).reversed().flatMap { batch[row: $0] }
                )
            }, "has a different vector alone than in a batch"
        ),
    ]

    @Test(arguments: 0..<faults.count)
    func aBrokenEncoderIsCaught(_ index: Int) async {
        let (fault, advice) = Self.faults[index]
        let image = await violation { try await Conformance.check(ImageDouble(change: fault)) }
        #expect(image.contains(advice))
        let text = await violation {
            try await Conformance.check(TextDouble(change: fault), tokenizer: StubTokenizer())
        }
        #expect(text.contains(advice))
    }

    @Test func theStubsKeepTheirContracts() async throws {
        try await Conformance.check(StubImageEncoder())
        try await Conformance.check(StubTextEncoder(), tokenizer: StubTokenizer())
        try Conformance.check(StubTokenizer())
    }

    private final class TokenizerDouble: Tokenizer {
        let padding = TokenPadding(id: 0, length: .context(32))
        private let tokens: @Sendable (_ text: String, _ call: Int) -> [Int]
        private let calls = Atomic(0)

        init(_ tokens: @escaping @Sendable (_ text: String, _ call: Int) -> [Int]) { self.tokens = tokens }

        func tokenize(_ text: String) -> [Int] {
            tokens(text, calls.add(1, ordering: .relaxed).newValue)
        }
    }

    @Test func aBrokenTokenizerIsCaught() async {
        let changing = await violation { try Conformance.check(TokenizerDouble { _, call in [call] }) }
        #expect(changing.contains("depend only on the text"))
        let long = await violation { try Conformance.check(TokenizerDouble { _, _ in [Int](repeating: 1, count: 33) }) }
        #expect(long.contains("truncate in tokenize(_:)"))
    }

    private final class SourceDouble: ImageSource {
        let columns: [SourceColumn]
        private let images: @Sendable (_ walk: Int) -> [ImageReference]
        private let total: Int?
        private let walks = Atomic(0)

        init(
            columns: [SourceColumn] = [],
            count: Int? = nil,
            _ images: @escaping @Sendable (_ walk: Int) -> [ImageReference]
        ) {
            self.columns = columns
            self.images = images
            total = count
        }

        func makeIterator() -> any ImageIterator {
            Iterator(images: images(walks.add(1, ordering: .relaxed).newValue)[...])
        }

        func count() -> Int? { total }

        private struct Iterator: ImageIterator {
            var images: ArraySlice<ImageReference>

            mutating func next() -> ImageReference? { images.popFirst() }
        }
    }

    private static func image(_ id: String, version: String? = nil, values: [ColumnValue] = []) -> ImageReference {
        ImageReference(id: id, version: version, values: values, readInto: { $0 = [7] })
    }

    @Test func aBrokenSourceIsCaught() async {
        let column = SourceColumn("label", .text)
        let doubles: [(SourceDouble, String)] = [
            (SourceDouble { _ in [Self.image("a"), Self.image("a")] }, "two images have the id 'a'"),
            (SourceDouble { [Self.image("\($0)")] }, "in the same order each time"),
            (SourceDouble { [Self.image("a", version: "\($0)")] }, "what changes with the image"),
            (SourceDouble(count: 2) { _ in [Self.image("a")] }, "count() says 2"),
            (SourceDouble(columns: [column, column]) { _ in [] }, "column names repeat in"),
            (SourceDouble(columns: [column]) { _ in [Self.image("a", values: [.integer(1)])] }, "the column's kind"),
            (
                SourceDouble { _ in [ImageReference(id: "a", readInto: { $0.append(7) })] },
                "replace the buffer's contents"
            ),
        ]
        for (double, advice) in doubles {
            let found = await violation { try await Conformance.check(double) }
            #expect(found.contains(advice))
        }
    }

    @Test func sourcesOfThisPackageKeepTheContract() async throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "a.jpg")
        try folder.write([2], to: "deep/b.png")
        try await Conformance.check(FolderSource(path: folder.path))
        try await Conformance.check(ListSource(paths: ["\(folder.path)/a.jpg", "\(folder.path)/missing.jpg"]))
        try await Conformance.check(SourceDouble { _ in [Self.image("a", version: "1")] })
    }

    private struct DecoderDouble: ImageDecoder {
        let decodeAny: @Sendable (_ bytes: [UInt8]) throws -> PixelImage
        var reuses = false

        func decode(_ data: [UInt8]) throws -> PixelImage { try decodeAny(data) }

        func decode(_ data: [UInt8], into image: inout PixelImage) throws {
            if !reuses || image.width == 1 && image.pixels == [0] { image = try decodeAny(data) }
        }
    }

    private struct OtherError: Error {}

    @Test func aBrokenDecoderIsCaught() async throws {
        let files: [[UInt8]] = [[1], [2]]
        try await Conformance.check(ByteDecoder(), files: files)
        let stale = await violation {
            let double = DecoderDouble(decodeAny: { try ByteDecoder().decode($0) }, reuses: true)
            try await Conformance.check(double, files: files)
        }
        #expect(stale.contains("replace the whole image"))
        let lenient = await violation {
            let double = DecoderDouble { $0.count == 1 ? try ByteDecoder().decode($0) : PixelImage() }
            try await Conformance.check(double, files: files)
        }
        #expect(lenient.contains("that are not an image were decoded"))
        let untyped = await violation {
            let double = DecoderDouble { bytes in
                guard bytes.count == 1 else { throw OtherError() }
                return try ByteDecoder().decode(bytes)
            }
            try await Conformance.check(double, files: files)
        }
        #expect(untyped.contains("throw a CLIPError"))
    }

    /// Gives back ids as Unicode decomposes them.
    private struct DecomposingReader: EmbeddingReader {
        private static let decomposed: [Unicode.Scalar: String] = ["\u{FC}": "u\u{308}", "\u{EF}": "i\u{308}"]

        let store: MemoryStore
        var name: String { store.name }
        var provenance: Provenance { store.provenance }
        var count: Int { store.count }

        func forEachBlock(rows: Int, _ body: (EmbeddingBlock) throws -> Void) throws {
            try store.forEachBlock(rows: rows) { block in
                let ids = block.ids.map { id in
                    id.unicodeScalars.map { Self.decomposed[$0] ?? String($0) }.joined()
                }
                try body(EmbeddingBlock(ids: ids, embeddings: block.embeddings, origins: block.origins))
            }
        }
    }

    @Test func aStoreThatChangesIDsIsCaught() async {
        let store = MemoryStore(model: .stub())
        let found = await violation {
            try await Conformance.checkStore(
                model: .stub(),
                writer: { store },
                reader: { DecomposingReader(store: store) }
            )
        }
        #expect(found.contains("not in the order they were stored"), "\(found)")
    }

    private struct ReaderDouble: LocationReader {
        var schemes = ["memory"]
        var keepsBuffer = false
        var keepsLimit = true
        var missing = CLIPError.Code.notFound

        func read(_ location: String, maximumBytes: Int, into buffer: inout [UInt8]) throws {
            guard location == "memory://there" else { throw CLIPError(missing, "gone") }
            guard maximumBytes >= 3 || !keepsLimit else { throw CLIPError(.limitExceeded, "too large") }
            if !keepsBuffer { buffer = [] }
            buffer += [7, 8, 9]
        }
    }

    @Test func aBrokenLocationReaderIsCaught() async throws {
        func check(_ reader: ReaderDouble) async throws {
            try await Conformance.check(
                reader,
                location: "memory://there",
                contents: [7, 8, 9],
                missing: "memory://nowhere"
            )
        }
        try await check(ReaderDouble())
        let doubles: [(ReaderDouble, String)] = [
            (ReaderDouble(schemes: ["Memory://"]), "in lower case"),
            (ReaderDouble(keepsBuffer: true), "replace the contents of the buffer"),
            (ReaderDouble(keepsLimit: false), "a CLIPError with the code limitExceeded"),
            (ReaderDouble(missing: .unreadable), "a CLIPError with the code notFound"),
        ]
        for (double, advice) in doubles {
            let found = await violation { try await check(double) }
            #expect(found.contains(advice))
        }
    }
}
