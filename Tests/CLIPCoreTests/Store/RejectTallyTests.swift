import CLIPCore
import Testing

@Suite struct RejectTallyTests {
    @Test func reasonsThatDifferInNamesAndNumbersAreAlike() {
        var tally = RejectTally()
        for number in 1...3 {
            let id = "a/\(number).jpg"
            let reason = "Cannot open /data/\(id) at byte \(number): no such file."
            tally.add(RejectedImage(id: id, stage: .read, reason: reason))
        }
        tally.add(RejectedImage(id: "b", stage: .decode, reason: "damaged"))
        #expect(tally.mostCommon.map(\.count) == [3, 1])
        #expect(tally.mostCommon.first?.reason == "Cannot open … at byte N: no such file.")
    }
}
