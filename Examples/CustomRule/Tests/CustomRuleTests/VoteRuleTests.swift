import CLIPCore
import CLIPTesting
import Testing

@testable import CustomRule

@Test func oneOfTwoPromptsIsNearerThanTheNegativeOne() throws {
    let dog = CategoryFile(categories: [
        .init(name: "dog", positive: ["a dog", "a puppy"], negative: ["a wolf"], threshold: 0)
    ])
    let image: [Similarities.Column: Float] = [
        .positive("dog"): 0.3, .negative("dog"): 0.2, .prompt("a dog"): 0.3, .prompt("a puppy"): 0.22,
        .prompt("a wolf"): 0.2,
    ]
    let similarities = try Similarities(dog, images: [image])
    #expect(VoteRule(margin: 0.05).score(similarities).map(\.score) == [0.5])
}

@Test func theContractOfAScoringRuleIsKept() async throws {
    try await Conformance.check(VoteRule())
}
