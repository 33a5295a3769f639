import CLIPTesting
import Testing

@testable import CustomEncoder

private let texts = ["red", "a green thing", "black as the night"]

@Test func theContractOfAnImageEncoderIsKept() async throws {
    try await Conformance.check(ColorImageEncoder())
}

@Test func theContractOfATokenizerIsKept() throws {
    try Conformance.check(ColorTokenizer(), texts: texts)
}

@Test func theContractOfATextEncoderIsKept() async throws {
    try await Conformance.check(ColorTextEncoder(), tokenizer: ColorTokenizer(), texts: texts)
}
