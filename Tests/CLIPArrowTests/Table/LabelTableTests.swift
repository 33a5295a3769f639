import CLIPArrow
import CLIPCore
import CLIPEvaluation
import CLIPTesting
import TestSupport
import Testing

@Suite struct LabelTableTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func labels(_ text: String, name: String = "labels.csv") throws -> ImageLabels {
        try folder.write(Array(text.utf8), to: name)
        return try ImageLabels(contentsOf: "\(folder.path)/\(name)")
    }

    @Test(arguments: [("1", "0"), ("true", "false"), ("yes", "no"), ("TRUE", "No"), ("1.0", "0.0")])
    func labelsAreOneOrZeroTrueOrFalseYesOrNo(yes: String, no: String) throws {
        let labels = try labels("id,category,label\na.jpg,dog,\(yes)\na.jpg,cat,\(no)\nb.jpg,cat,\(yes)\n")
        #expect(labels.form == .partial)
        #expect(labels.ids == ["a.jpg", "b.jpg"])
        #expect(labels.isMember(id: "a.jpg", category: "dog") == true)
        #expect(labels.isMember(id: "a.jpg", category: "cat") == false)
        #expect(labels.isMember(id: "b.jpg", category: "dog") == nil)
    }

    @Test(arguments: [
        "id;category;label\na;dog;1\n", "id\tcategory\tlabel\na\tdog\t1\n", "id, category, label\na, dog, 1\n",
    ])
    func spreadsheetsAndPeopleWriteLabelsToo(text: String) throws {
        #expect(try labels(text).isMember(id: "a", category: "dog") == true)
    }

    @Test func columnsMayHaveAnyOrderCaseAndCompany() throws {
        let labels = try labels("Label\tnote\tID\tCategory\n1\tx\t007\tdog\n", name: "labels.tsv")
        #expect(labels.isMember(id: "007", category: "dog") == true)
    }

    @Test func withoutLabelsEachImageIsLabelledInFull() throws {
        let labels = try labels("id,category\na.jpg,dog\na.jpg,animal\nb.jpg,\n")
        #expect(labels.form == .complete)
        #expect(labels.isMember(id: "a.jpg", category: "animal") == true)
        #expect(labels.isMember(id: "a.jpg", category: "car") == false)
        #expect(labels.isMember(id: "b.jpg", category: "dog") == false)
        #expect(labels.isMember(id: "c.jpg", category: "dog") == nil)
    }

    @Test(arguments: [
        ("id,category,label\na,dog,1\nb,dog,maybe\n", "row 2 has 'maybe' in the column 'label'. Write 1 or 0"),
        ("id,category,label\na,dog,\n", "row 1 has no value in the column 'label'."),
        ("id,category,label\na,dog,1\n,dog,1\n", "row 2 has no value in the column 'id'."),
        ("id,category,label\na,,1\n", "row 1 has no value in the column 'category'."),
        ("id,category\n,dog\n", "row 1 has no value in the column 'id'."),
        ("id,category,label\na,dog,1\na,dog,0\n", "row 2 says that image 'a' does not belong to 'dog', and row 1"),
        ("id,category,label\n", "there are no labels, only a header."),
    ])
    func aRowThatIsNoJudgementIsNamed(text: String, reason: String) {
        let error = #expect(throws: CLIPError.self) { try labels(text) }
        #expect(error?.code == .invalidLabels)
        #expect(error?.message.hasPrefix("\(folder.path)/labels.csv: \(reason)") == true, "\(error?.message ?? "")")
    }

    /// A label that is left out would be one that nobody misses.
    @Test(arguments: [
        ("id,category,label\na,dog,1\nb,dog\n", "row 2 has 2 values (line 3), and the header has 3."),
        ("id,category,label\na,dog,1\nb,\"dog,1\n", "row 2 has a quoted value, in line 3, that does not end."),
        ("id,category,label\na,d\u{FFFF}g,1\n", "row 1 is not UTF-8 in the column 'category'."),
    ])
    func aRowThatCannotBeReadIsNamed(text: String, reason: String) throws {
        let bytes = Array(text.utf8).map { $0 == 0xEF ? 0xFF : $0 }
        try folder.write(bytes, to: "labels.csv")
        let error = #expect(throws: CLIPError.self) { try ImageLabels(contentsOf: "\(folder.path)/labels.csv") }
        #expect(error?.code == .corruptData)
        #expect(error?.message.hasPrefix("\(folder.path)/labels.csv: \(reason)") == true, "\(error?.message ?? "")")
    }

    @Test func aTabSeparatedTableMayHoldQuotes() throws {
        let labels = try labels("id\tcategory\n\"a.jpg\tdog\nb\"\tcat\n", name: "labels.tsv")
        #expect(labels.ids == ["\"a.jpg", "b\""])
    }

    @Test(arguments: [
        ("image,category,label\na,b,1\n", CLIPError.Code.notFound, "there is no column 'id'; its columns are image,"),
        ("id,kind,label\na,dog,1\n", .notFound, "there is no column 'category'; its columns are id, kind, label."),
        (
            "id,category,lable\na,dog,0\n", .unsupportedFormat,
            "there is no column 'label'; its columns are id, category, lable. Rename the column that holds 1 or 0"
        ),
        (
            "a.jpg,dog,1\nb.jpg,dog,0\n", .unsupportedFormat,
            "no column is named id, category or label; its columns are a.jpg, dog, 1. If the first line is a label already, "
                + "add the line id,category,label on top."
        ),
        ("id,categories,score_dog\na,dog,0.2\n", .unsupportedFormat, "these are results, not labels."),
        ("id,categories\na,dog\n", .unsupportedFormat, "these are results, not labels."),
        ("id,ID,category\na,b,dog\n", .unsupportedFormat, "the columns 'id' and 'ID' are ambiguous"),
    ])
    func missingColumnsAreNamed(text: String, code: CLIPError.Code, reason: String) {
        let error = #expect(throws: CLIPError.self) { try labels(text) }
        #expect(error?.code == code)
        #expect(error?.message.hasPrefix("\(folder.path)/labels.csv: \(reason)") == true, "\(error?.message ?? "")")
    }

    @Test func aDrawnSampleCarriesItsProbabilities() throws {
        let labels = try labels(
            """
            id,category,label,probability,round
            a,dog,1,0.25,1
            b,dog,unsure,1,2
            c,dog,,0.005,2
            a,cat,0,0.125,
            """
        )
        #expect(labels.probability(id: "a", category: "dog") == 0.25)
        #expect(labels.probability(id: "a", category: "cat") == 0.125)
        #expect(labels.probability(id: "d", category: "dog") == nil)
        #expect(labels.isMember(id: "b", category: "dog") == nil)
        #expect(labels.judgement(id: "b", category: "dog")?.answer == .unsure)
        #expect(labels.judgement(id: "c", category: "dog")?.answer == .missing)
        #expect(["a", "b", "c"].map { labels.judgement(id: $0, category: "dog")?.round } == [1, 2, 2])
        #expect(labels.isJudged(id: "a") && !labels.isJudged(id: "b") && !labels.isJudged(id: "c"))
    }

    @Test func aRoundWithoutAProbabilityIsAColumnLikeAnyOther() throws {
        #expect(try labels("id,category,label,round\na,dog,1,first\n").isMember(id: "a", category: "dog") == true)
    }

    @Test(arguments: [
        ("a,dog,1,0,1\n", "row 1 has '0' in the column 'probability'. It must be a number from 1e-12 to 1."),
        ("a,dog,1,1e-13,1\n", "row 1 has '1e-13' in the column 'probability'."),
        ("a,dog,1,1.5,1\n", "row 1 has '1.5' in the column 'probability'."),
        ("a,dog,1,often,1\n", "row 1 has 'often' in the column 'probability'."),
        ("a,dog,1,nan,1\n", "row 1 has 'nan' in the column 'probability'."),
        ("a,dog,1,0.5,0\n", "row 1 has '0' in the column 'round'. It must be 1, 2, 3 and so on."),
        ("a,dog,1,0.5,1.5\n", "row 1 has '1.5' in the column 'round'."),
        ("a,dog,1,0.5,1\nb,dog,1,,1\n", "row 1 has a probability for category 'dog', and row 2 has none."),
        ("a,dog,1,,1\nb,dog,1,0.5,1\n", "row 2 has a probability for category 'dog', and row 1 has none."),
        (
            "a,dog,1,0.5,1\na,dog,1,0.25,2\n",
            "row 2 says that image 'a' was drawn for 'dog' with probability 0.25, and row 1"
        ),
        ("a,dog,,,1\n", "row 1 has no value in the column 'label'."),
    ])
    func aProbabilityThatCannotBeOneIsNamed(rows: String, reason: String) {
        let error = #expect(throws: CLIPError.self) { try labels("id,category,label,probability,round\n" + rows) }
        #expect(error?.code == .invalidLabels)
        #expect(error?.message.hasPrefix("\(folder.path)/labels.csv: \(reason)") == true, "\(error?.message ?? "")")
    }

    /// The files are made by `Tools/fixtures/make_table_fixtures.py`: integers as ids, dictionaries as categories.
    @Test(arguments: ["boolean", "integer", "number", "text"])
    func parquetMayHoldLabelsOfAnyKind(kind: String) throws {
        let labels = try ImageLabels(contentsOf: Fixture.path("labels-\(kind).parquet"))
        #expect(labels.ids == ["1", "2"])
        #expect(labels.isMember(id: "1", category: "dog") == true)
        #expect(labels.isMember(id: "2", category: "dog") == false)
        #expect(labels.isMember(id: "2", category: "cat") == true)
    }

    /// Arrow gives no column for such a group, and so fewer than were asked for.
    @Test func aGroupWithoutColumnsIsRefused() throws {
        let error = try #require(throws: CLIPError.self) {
            try ImageLabels(contentsOf: Fixture.path("labels-empty-group.parquet"))
        }
        #expect(error.code == .corruptData)
        #expect(error.message.contains("labels-empty-group.parquet: column 'probability' has no values"))
    }

    @Test func aColumnOfAnotherKindIsRefused() {
        let error = #expect(throws: CLIPError.self) {
            try ImageLabels(contentsOf: Fixture.path("labels-lists.parquet"))
        }
        #expect(error?.code == .invalidLabels)
        #expect(error?.message.contains("row 1 has '[1]' in the column 'label'") == true)
    }
}
