import CLIPCore
import Foundation
import Testing

@Suite struct CLIPErrorTests {
    @Test func theDescriptionForPeopleIsTheMessage() {
        let cause = CLIPError(.corruptData, "The file ends too early.")
        let error: any Error = CLIPError(.corruptData, "Cannot use cat.jpg.", cause: cause)
        #expect(error.localizedDescription == "Cannot use cat.jpg. (The file ends too early.)")
    }
}
