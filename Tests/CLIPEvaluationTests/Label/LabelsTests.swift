import CLIPCore
import CLIPEvaluation
import Testing

@Suite struct LabelsTests {
    private typealias Judgement = ImageLabels.Judgement

    @Test func whatIsNotListedIsUnknown() throws {
        let labels = try ImageLabels([
            Judgement(id: "a", category: "dog", isMember: true), Judgement(id: "a", category: "cat", isMember: false),
            Judgement(id: "b", category: "cat", isMember: true),
        ])
        #expect(labels.ids == ["a", "b"])
        #expect(labels.categories == ["dog", "cat"])
        #expect(labels.isMember(id: "a", category: "dog") == true)
        #expect(labels.isMember(id: "a", category: "cat") == false)
        #expect(labels.isMember(id: "b", category: "dog") == nil)
        #expect(labels.isMember(id: "a", category: "car") == nil)
        #expect(labels.isMember(id: "c", category: "dog") == nil)
    }

    @Test func inTheCompleteFormAListedImageBelongsToNothingElse() throws {
        let labels = try ImageLabels(
            [Judgement(id: "a", category: "dog", isMember: true), Judgement(idOfNone: "b")],
            form: .complete
        )
        #expect(labels.isMember(id: "a", category: "dog") == true)
        #expect(labels.isMember(id: "a", category: "car") == false)
        #expect(labels.isMember(id: "b", category: "dog") == false)
        #expect(labels.isMember(id: "c", category: "dog") == nil)
    }

    @Test func aJudgementMayBeRepeated() throws {
        let judgement = Judgement(id: "a", category: "dog", isMember: true)
        #expect(try ImageLabels([judgement, judgement]).isMember(id: "a", category: "dog") == true)
        let none = Judgement(idOfNone: "b")
        #expect(try ImageLabels([none, none], form: .complete).ids == ["b"])
    }

    @Test func anAnswerReplacesDoubt() throws {
        func row(_ answer: ImageLabels.Judgement.Answer) -> Judgement {
            Judgement(id: "a", category: "dog", answer: answer, probability: 0.5, round: 1)
        }
        #expect(try ImageLabels([row(.missing), row(.unsure)]).judgement(id: "a", category: "dog")?.answer == .unsure)
        #expect(try ImageLabels([row(.unsure), row(.nonMember)]).isMember(id: "a", category: "dog") == false)
        #expect(try ImageLabels([row(.member), row(.missing)]).isMember(id: "a", category: "dog") == true)
        #expect(throws: CLIPError.self) { try ImageLabels([row(.member), row(.unsure), row(.nonMember)]) }
    }

    @Test(arguments: [
        (
            [
                ImageLabels.Judgement(id: "a", category: "dog", isMember: true),
                .init(id: "b", category: "dog", isMember: true), .init(id: "a", category: "dog", isMember: false),
            ],
            "x: row 3 says that image 'a' does not belong to 'dog', and row 1 that it does. Remove one of them."
        ),
        (
            [.init(id: "a", category: "dog", isMember: false), .init(id: "a", category: "dog", isMember: true)],
            "x: row 2 says that image 'a' belongs to 'dog', and row 1 that it does not. Remove one of them."
        ),
        (
            [.init(id: "a", category: "dog", isMember: true), .init(idOfNone: "a")],
            "x: row 2 says that image 'a' belongs to no category, and row 1 that it belongs to one. Remove one of them."
        ),
        (
            [.init(idOfNone: "a"), .init(id: "a", category: "dog", isMember: true)],
            "x: row 2 says that image 'a' belongs to 'dog', and row 1 that it belongs to none. Remove one of them."
        ),
    ])
    func aContradictionNamesImageCategoryAndBothRows(rows: [ImageLabels.Judgement], message: String) {
        let error = #expect(throws: CLIPError.self) { try ImageLabels(rows, form: .complete, name: "x") }
        #expect(error?.code == .invalidLabels)
        #expect(error?.message == message)
    }

    /// The letter é, as one character and as e with an accent: Unicode calls them equivalent, a file system does not.
    @Test func idsAreComparedByTheirBytes() throws {
        let labels = try ImageLabels([
            Judgement(id: "caf\u{E9}", category: "dog", isMember: true),
            Judgement(id: "cafe\u{301}", category: "dog", isMember: false),
        ])
        #expect(labels.ids.count == 2)
        #expect(labels.isMember(id: "caf\u{E9}", category: "dog") == true)
        #expect(labels.isMember(id: "cafe\u{301}", category: "dog") == false)
    }
}
