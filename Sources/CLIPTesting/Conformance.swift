internal import CLIPCore

/// Checks that a type keeps the contract of a protocol it conforms to.
///
/// They work with any test framework: a broken contract is thrown, with what to change.
///
/// ```swift
/// @Test func myRuleKeepsTheContract() async throws {
///     try await Conformance.check(MyRule())
/// }
/// ```
public enum Conformance {
    /// A promise that was not kept.
    public struct Violation: Error, CustomStringConvertible {
        /// What was found, what was promised, and what to change.
        public let description: String
    }

    static func require(_ condition: Bool, _ violation: @autoclosure () -> String) throws {
        guard condition else { throw Violation(description: violation()) }
    }
}
