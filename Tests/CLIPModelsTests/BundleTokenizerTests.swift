import CLIPCore
import CLIPDigest
import CLIPModels
import CLIPTesting
import CLIPTokenizers
import TestSupport
import Testing

@Suite struct BundleTokenizerTests {
    /// A bundle with a Unigram tokenizer, as far as the tokenizer needs one.
    static func pieces(of text: String, mark: String) throws -> [String] {
        // As `tokenizers` reads these scores, "xy" "z" has a higher sum than "x" "yz"; the exact sums are equal.
        let vocabulary = """
            {"version":"1.0","pre_tokenizer":{"type":"Metaspace","replacement":"▁"},
            "model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["<pad>",0],["▁",-12.889307022094727],
            ["x",-10.053314208984375],["z",-10.053314208984375],["xy",-6.1189045906066895],["yz",-6.1189045906066895]]}}
            """
        let model = """
            {"format_version":2,"name":"m","origin":"","description":"","precision":"fp32","embedding_dimension":1,
            "image":{"file":"image.pt","size":[1,1],"resize_mode":"shortest","interpolation":"bicubic",
            "input_layout":"NHWC-uint8"},
            "text":{"file":"text.pt","cleaning":"whitespace","context_length":16,"padding":"context",
            "tokenizer":{"kind":"unigram","vocabulary":"tokenizer.json","padding_token":"<pad>"\(mark)}},
            "golden":{"file":"golden.f32"},"files":{"image.pt":"","text.pt":"","golden.f32":"",
            "tokenizer.json":"\(SHA256.hexadecimal(of: Array(vocabulary.utf8)))"}}
            """
        let folder = try TemporaryFolder()
        try folder.write(Array(vocabulary.utf8), to: "tokenizer.json")
        try folder.write(Array(model.utf8), to: "model.json")
        let tokenizer = try ModelBundle(path: folder.path, cacheFolder: nil).tokenizer()
        let unigram = try #require(tokenizer as? UnigramTokenizer)
        return unigram.pieces(for: unigram.tokenize(text))
    }

    /// The padding of a bundle with CLIP's tokenizer.
    private static func padding(_ fields: String) throws -> TokenPadding {
        let merges = try FileBytes.read(
            RepositoryFile.path("Tests/CLIPTokenizersTests/Fixtures/bpe_merges.txt")
        )
        let model = """
            {"format_version":2,"name":"m","origin":"","description":"","precision":"fp32","embedding_dimension":1,
            "image":{"file":"image.pt","size":[1,1],"resize_mode":"shortest","interpolation":"bicubic",
            "input_layout":"NHWC-uint8"},
            "text":{"file":"text.pt","cleaning":"none","context_length":16,"padding":"context",
            "tokenizer":{"kind":"clip-bpe","vocabulary":"merges.txt"\(fields)}},
            "golden":{"file":"golden.f32"},"files":{"image.pt":"","text.pt":"","golden.f32":"",
            "merges.txt":"\(SHA256.hexadecimal(of: merges))"}}
            """
        let folder = try TemporaryFolder()
        try folder.write(merges, to: "merges.txt")
        try folder.write(Array(model.utf8), to: "model.json")
        return try ModelBundle(path: folder.path, cacheFolder: nil).tokenizer().padding
    }

    /// Attention masks and pooling of a model that was trained with them see these ids.
    @Test func aTokenizerOfTransformersPadsWithTheTokenThatTheBundleNames() throws {
        let transformers = #","convention":"transformers","start_token":"<s>","end_token":"</s>""#
        let padding = try Self.padding(transformers + #","padding_token":"</s>""#)
        #expect(padding == TokenPadding(id: 49_407, length: .context(16)))
        #expect(try Self.padding(transformers + #","padding_token":"!""#).id == 0)
        #expect(try Self.padding(transformers + #","padding_token":"cat</w>""#).id == 2368)
        let error = #expect(throws: CLIPError.self) { try Self.padding(transformers + #","padding_token":"<pad>""#) }
        #expect(error?.code == .invalidModel && error?.message.contains("no token '<pad>'") == true)
    }

    @Test func withoutThatTokenTextsArePaddedWithZeros() throws {
        #expect(try Self.padding("").id == 0)
        #expect(try Self.padding(#","convention":"transformers""#).id == 0)
    }

    @Test func markedScoresAreUsedAsTheyAre() throws {
        #expect(try Self.pieces(of: "xyz", mark: #","exact_scores":true"#) == ["▁", "x", "yz"])
    }

    @Test func scoresOfEarlierBundlesAreReadAsTheReferenceReadsThem() throws {
        #expect(try Self.pieces(of: "xyz", mark: "") == ["▁", "xy", "z"])
    }
}
