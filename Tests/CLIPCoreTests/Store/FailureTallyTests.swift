import CLIPCore
import Testing

@Suite struct FailureTallyTests {
    @Test func reasonsThatDifferInNamesAndNumbersAreAlike() {
        var tally = FailureTally()
        for number in 1...3 {
            let id = "a/\(number).jpg"
            let reason = "Cannot open /data/\(id) at byte \(number): no such file."
            tally.add(FailedImage(id: id, stage: .read, reason: reason))
        }
        tally.add(FailedImage(id: "b", stage: .decode, reason: "damaged"))
        #expect(tally.mostCommon.map(\.count) == [3, 1])
        #expect(tally.mostCommon.first?.reason == "Cannot open … at byte N: no such file.")
    }

    @Test func pathsAndAddressesDoNotTellReasonsApartWhereIDsAreOthers() {
        var tally = FailureTally()
        for (number, name) in ["a/b.jpg", "my photos/cat.jpg", "c.jpg"].enumerated() {
            tally.add(id: "\(number)", stage: .read, reason: "Cannot open '/data/\(name)': No such file or directory.")
            tally.add(id: "\(number)", stage: .read, reason: "https://host/\(name.last ?? "x")\(number): HTTP 404.")
        }
        #expect(tally.mostCommon.map(\.reason) == ["Cannot open '…': No such file or directory.", "…: HTTP 404."])
        #expect(tally.mostCommon.map(\.count) == [3, 3])
    }

    @Test func numbersThatBelongToANameStay() {
        var tally = FailureTally()
        tally.add(id: "1", stage: .decode, reason: "Row 7 is not UTF-8, nor JPEG 2000.")
        #expect(tally.mostCommon.map(\.reason) == ["Row N is not UTF-8, nor JPEG 2000."])
    }

    @Test func reasonsThatAreAllDifferentAreCountedTogetherInTheEnd() throws {
        var tally = FailureTally()
        let letters = "abcdefghijklmnopqrstuvwxyz"
        for first in letters {
            for second in letters {
                for third in "abc" { tally.add(id: "x", stage: .read, reason: "\(first)\(second)\(third)") }
            }
        }
        #expect(tally.mostCommon.count == 1001)
        let most = try #require(tally.mostCommon.first)
        #expect(most.reason == "other reasons" && most.stage == .read && most.count == 1028)
    }
}
