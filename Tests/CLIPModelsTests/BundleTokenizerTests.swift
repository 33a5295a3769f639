import CLIPCore
import CLIPDigest
import CLIPModels
import CLIPTesting
import CLIPTokenizers
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

    @Test func markedScoresAreUsedAsTheyAre() throws {
        #expect(try Self.pieces(of: "xyz", mark: #","exact_scores":true"#) == ["▁", "x", "yz"])
    }

    @Test func scoresOfEarlierBundlesAreReadAsTheReferenceReadsThem() throws {
        #expect(try Self.pieces(of: "xyz", mark: "") == ["▁", "xy", "z"])
    }
}
