import CLIPCore
import CLIPTokenizers
import Testing

/// A `tokenizer.json` that cannot be read exactly is refused, with the component's name.
@Suite struct UnigramFileTests {
    static func message(_ json: String, _ options: TokenizerFileOptions) -> String {
        let error = #expect(throws: CLIPError.self) { try UnigramTokenizer(json: json, options: options) }
        #expect(error?.code == .invalidModel)
        return error?.message ?? ""
    }

    static let options = TokenizerFileOptions(contextLength: 8, paddingToken: "</s>")
    static let pieces = UnigramTokenizerTests.pieces

    @Test(arguments: [
        (#"{"type":"BertNormalizer"}"#, "normalizer 'BertNormalizer'"),
        (#"{"type":"Sequence","normalizers":[{"type":"StripAccents"}]}"#, "normalizer 'StripAccents'"),
        (#"{"type":"Replace","pattern":{"Regex":"\\s+"},"content":" "}"#, #"pattern '\s+'"#),
        (#"{"type":"Replace","pattern":{"String":""},"content":" "}"#, "pattern ''"),
        (#"{"type":"Replace","pattern":{"Regex":"▁{9223372036854775807,}"},"content":" "}"#, "pattern '▁{9223"),
        (#"{"type":"Strip","strip_left":true}"#, "no field 'strip_right'"),
        (#"{"type":"Precompiled"}"#, "no field 'precompiled_charsmap'"),
        (#"{"type":"Precompiled","precompiled_charsmap":"????"}"#, "'Precompiled' is damaged"),
        (#"{"type":"Precompiled","precompiled_charsmap":"CAAAAAAAAAA="}"#, "'Precompiled' is damaged"),
    ])
    func anUnsupportedNormalizerIsRefused(_ normalizer: String, _ problem: String) {
        let message = Self.message(UnigramTokenizerTests.json(Self.pieces, normalizer: normalizer), Self.options)
        #expect(message.contains(problem), "\(message)")
    }

    @Test(arguments: [
        (#"{"type":"ByteLevel"}"#, "pre-tokenizer 'ByteLevel'"),
        (#"{"type":"Metaspace","replacement":"ab"}"#, "'replacement'"),
        (#"{"type":"Metaspace","replacement":"a","prepend_scheme":"last"}"#, "prepend_scheme 'last'"),
        (
            #"{"type":"Metaspace","replacement":"a","add_prefix_space":false,"prepend_scheme":"always"}"#,
            "contradict"
        ),
        (
            #"{"type":"Sequence","pretokenizers":[{"type":"Metaspace","replacement":"a"},{"type":"WhitespaceSplit"}]}"#,
            "after 'Metaspace'"
        ),
    ])
    func anUnsupportedPreTokenizerIsRefused(_ preTokenizer: String, _ problem: String) {
        let message = Self.message(UnigramTokenizerTests.json(Self.pieces, preTokenizer: preTokenizer), Self.options)
        #expect(message.contains(problem), "\(message)")
    }

    @Test(arguments: [
        (#"{"type":"RobertaProcessing","sep":["</s>",1]}"#, "post-processor 'RobertaProcessing'"),
        (#"{"type":"TemplateProcessing","single":[]}"#, "exactly once"),
        (#"{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>"}}],"special_tokens":{}}"#, "'<s>'"),
        (
            """
            {"type":"TemplateProcessing","single":[{"Sequence":{"id":"A"}},{"SpecialToken":{"id":"x"}}],
            "special_tokens":{"x":{"ids":[99]}}}
            """,
            "not in the vocabulary"
        ),
    ])
    func anUnsupportedPostProcessorIsRefused(_ postProcessor: String, _ problem: String) {
        let message = Self.message(UnigramTokenizerTests.json(Self.pieces, postProcessor: postProcessor), Self.options)
        #expect(message.contains(problem), "\(message)")
    }

    @Test(arguments: [
        ("a", 99, "'a' has the id 99"), ("new", 9, "'new' has the id 9"), ("a", 4, "occurs twice"),
    ])
    func addedTokensThatContradictTheModelAreRefused(_ content: String, _ id: Int, _ problem: String) {
        let token = UnigramTokenizerTests.added(content, id)
        let message = Self.message(UnigramTokenizerTests.json(Self.pieces, added: "\(token),\(token)"), Self.options)
        #expect(message.contains(problem), "\(message)")
    }

    @Test(arguments: [
        (#""truncation":{"direction":"Left"},"#, "truncation direction 'Left'"),
        (#""padding":{"direction":"Left","pad_token":"a"},"#, "padding direction 'Left'"),
        (#""padding":{"direction":"Right","pad_token":"a","pad_to_multiple_of":8},"#, "multiple of 8"),
    ])
    func otherSidesAreRefused(_ rest: String, _ problem: String) {
        let message = Self.message(UnigramTokenizerTests.json(Self.pieces, rest: rest), Self.options)
        #expect(message.contains(problem), "\(message)")
    }

    @Test(arguments: ["null", "-1", "99"])
    func aModelWithoutUnknownPieceIsRefused(_ unknown: String) {
        let message = Self.message(UnigramTokenizerTests.json(Self.pieces, unknown: unknown), Self.options)
        #expect(message.contains("'model.unk_id'"), "\(message)")
    }

    @Test(arguments: [
        ("", "not valid JSON"), ("{", "not valid JSON"), ("{}", "'model'"),
        (#"{"model":{"type":"BPE","vocab":{}}}"#, "model 'BPE'"),
        (#"{"model":{"type":"Unigram","unk_id":0,"vocab":[["a"]]}}"#, "'model.vocab.[0]"),
        (#"{"model":{"type":"Unigram","unk_id":0,"vocab":[["a","b"]]}}"#, "'model.vocab.[0]"),
        (#"{"model":{"type":"Unigram","unk_id":0,"vocab":[["a",1e999]]}}"#, "not valid JSON"),
        (#"{"model":\#(String(repeating: "[", count: 100_000))"#, "not valid JSON"),
    ])
    func whatIsNoTokenizerFileIsRefused(_ json: String, _ problem: String) {
        let message = Self.message(json, Self.options)
        #expect(message.contains(problem), "\(message)")
    }

    @Test func optionsThatDoNotFitTheFileAreRefused() {
        let json = UnigramTokenizerTests.json(Self.pieces, postProcessor: UnigramTokenizerTests.end)
        #expect(Self.message(json, .init(contextLength: 8)).contains("no token '<pad>'"))
        let dropped = TokenizerFileOptions(contextLength: 8, paddingToken: "a", droppedSeparator: "[SEP]")
        #expect(Self.message(json, dropped).contains("no token '[SEP]'"))
        #expect(Self.message(json, .init(contextLength: 1, paddingToken: "a")).contains("context length of 1"))
    }

    @Test func aMissingFileIsNamed() {
        let error = #expect(throws: CLIPError.self) {
            try UnigramTokenizer(contentsOf: "/nonexistent/tokenizer.json", options: Self.options)
        }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("/nonexistent/tokenizer.json") == true)
    }
}
