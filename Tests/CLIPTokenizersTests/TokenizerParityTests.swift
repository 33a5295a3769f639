import CLIPCore
import CLIPTokenizers
import Testing

/// Every id equals the reference's: open_clip's SimpleTokenizer and cleaning functions, Hugging Face's
/// CLIPTokenizer and BertTokenizer.
@Suite struct TokenizerParityTests {
    @Test func theReferencesAreThere() throws {
        #expect(try ReferenceText.all.get().count == 3000)
    }

    @Test func bytePairIDsEqualOpenCLIPs() throws {
        let tokenizer = try ReferenceTokenizer.bytePair.get()
        for row in try ReferenceText.all.get() {
            #expect(tokenizer.tokenize(row.text) == row.bpe, "\(row.text.escapedScalars)")
        }
    }

    @Test(arguments: [false, true])
    func bytePairIDsEqualTransformers(_ findsStartAfterNormalisation: Bool) throws {
        var tokenizer = try BytePairTokenizer(contentsOf: ReferenceTokenizer.mergesPath, cleaning: .none)
        let start = "<|startoftext|>"
        let normalized = findsStartAfterNormalisation ? [start] : []
        tokenizer.followTransformers(start: start, end: "<|endoftext|>", normalized: normalized)
        for row in try ReferenceText.all.get() {
            let plain = row.transformers ?? row.bpe
            let expected = findsStartAfterNormalisation ? row.normalized ?? plain : plain
            #expect(tokenizer.tokenize(row.text) == expected, "\(row.text.escapedScalars)")
        }
        #expect(tokenizer.pieces(for: [49_406, 49_407]) == [start, "<|endoftext|>"])
    }

    @Test func wordPieceIDsEqualHuggingFaces() throws {
        let tokenizer = try ReferenceTokenizer.wordPiece.get()
        for row in try ReferenceText.all.get() {
            #expect(tokenizer.tokenize(row.text) == row.wordpiece, "\(row.text.escapedScalars)")
        }
    }

    @Test func wordPieceIDsWithCaseAndAccentsEqualHuggingFaces() throws {
        let tokenizer = try ReferenceTokenizer.casedWordPiece.get()
        for row in try ReferenceText.all.get() {
            guard let expected = row.cased else { continue }
            #expect(tokenizer.tokenize(row.text) == expected, "\(row.text.escapedScalars)")
        }
    }

    @Test(arguments: [TextCleaning.whitespace, .canonicalize])
    func cleanedTextsEqualOpenCLIPs(_ cleaning: TextCleaning) throws {
        for row in try ReferenceText.all.get() {
            guard let expected = cleaning == .whitespace ? row.whitespace : row.canonicalize else { continue }
            #expect(cleaning.clean(row.text).escapedScalars == expected.escapedScalars, "\(row.text.escapedScalars)")
        }
    }
}
