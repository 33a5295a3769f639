import CLIPCore
import Testing

@Suite struct ImageIDSetTests {
    @Test func everyIDIsNewOnce() {
        var ids = ImageIDSet()
        for isNew in [true, false] {
            let answers = (0..<20_000).map { ids.insert("photos/\($0).jpg") }
            #expect(answers.allSatisfy { $0 == isNew })
        }
        #expect(ids.count == 20_000)
        #expect((0..<20_000).allSatisfy { ids.contains("photos/\($0).jpg") })
        #expect(!(20_000..<40_000).contains { ids.contains("photos/\($0).jpg") })
    }

    @Test func keysMakeTheSameSet() {
        let ids = ImageIDSet((0..<5000).map { "\($0)" })
        let copy = ImageIDSet(keys: Set(ids.keys))
        #expect(copy.count == 5000)
        #expect((0..<5000).allSatisfy { copy.contains("\($0)") })
        #expect(!copy.contains("5000"))
    }

    @Test func idsAreComparedByTheirBytes() {
        var ids = ImageIDSet(["e\u{301}"])
        let isNew = ids.insert("é")
        #expect(isNew)
        #expect(ids.count == 2)
    }
}
