internal import ArgumentParser
internal import CLIPCore
internal import CLIPModels
internal import FoundationEssentials

struct TokenizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenize",
        abstract: "Print the tokens of texts.",
        discussion: "Prints the id and text of each token, without padding, one line per text."
    )

    private struct Line: Encodable {
        let text: String
        let ids: [Int]
        let pieces: [String]
    }

    @Argument(help: ArgumentHelp("Texts (a single - reads them from stdin, one per line).", valueName: "text"))
    var texts: [String]

    @Option(help: ArgumentHelp("Model bundle: a folder, or the name of an installed model.", valueName: "bundle"))
    var model = ModelLibrary.defaultName

    @Flag(help: "Print JSON Lines, one object per text.")
    var json = false

    func run() async throws {
        let tokenizer = try ModelBundle(named: model).tokenizer()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for text in TextLines.read(texts) {
            let ids = try tokenizer.tokenize(text)
            let pieces = (tokenizer as? any InspectableTokenizer)?.pieces(for: ids) ?? ids.map(String.init)
            if json {
                let line = try encoder.encode(Line(text: text, ids: ids, pieces: pieces))
                try Terminal.print(json: String(decoding: line, as: UTF8.self))
            } else {
                try Terminal.print(zip(ids, pieces).map { "\($0) \(Text.printable($1))" }.joined(separator: "\t"))
            }
        }
    }
}
