import CLIPCore
import CLIPTesting
import TestSupport
import Testing

/// A bank serves a file with other thresholds, and none whose vectors it lacks.
@Suite struct BankFitTests {
    private static let file = CategoryFile(
        categories: [
            .init(name: "a", positive: ["x"], negative: ["y"], threshold: 0),
            .init(name: "b", positive: ["y"], threshold: 0),
        ],
        neutral: ["z"]
    )

    static let changes: [(change: @Sendable (inout CategoryFile) -> Void, difference: String)] = [
        ({ $0.categories.swapAt(0, 1) }, "different categories"),
        ({ $0.categories[0].positive = ["z"] }, "different positive descriptions for the category 'a'"),
        ({ $0.categories[0].negative = [] }, "different negative descriptions for the category 'a'"),
        ({ $0.neutral = ["x"] }, "different neutral descriptions for the category 'a'"),
        ({ $0.categories[1].templates = ["a {}"] }, "different templates for the category 'b'"),
        ({ $0.categories[1].rule = .nearestExemplar }, "different rules for the category 'b'"),
        ({ $0.rule = .linearProbe() }, "different rules for the category 'a'"),
    ]

    @Test(arguments: changes.indices)
    func aFileWithOtherVectorsIsRefused(_ index: Int) async throws {
        var file = Self.file
        Self.changes[index].change(&file)
        let bank = try await NamedVectors.axes.bank(Self.file)
        let error = #expect(throws: CLIPError.self) { try Classifier(file, bank: bank) }
        #expect(error?.code == .invalidCategoryFile)
        #expect(error?.message.contains(Self.changes[index].difference) == true, "\(error?.message ?? "")")
    }

    @Test func thresholdsAndRulesThatCompareWithDescriptionsMayChange() async throws {
        var file = Self.file
        file.categories[0].threshold = 0.5
        file.neutralMargin = 0.1
        file.rule = .strongestNegative
        let classifier = try Classifier(file, bank: await NamedVectors.axes.bank(Self.file))
        #expect(try classifier.classify(EmbeddingMatrix(rows: [[1, 0, 0]]))[0].matches.map(\.name) == ["a"])
    }
}
