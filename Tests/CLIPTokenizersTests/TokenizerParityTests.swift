import CLIPCore
import CLIPTokenizers
import Testing

/// Every id equals the reference's: open_clip's SimpleTokenizer and cleaning functions, Hugging Face's BertTokenizer.
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
