internal import CLIPCore

/// Checks that a type fulfils the contract of a protocol it conforms to.
///
/// The checks work with any test framework: a violation is thrown and says what to change.
///
/// ```swift
/// @Test func myRuleKeepsTheContract() async throws {
///     try await Conformance.check(MyRule())
/// }
/// ```
public enum Conformance {
    /// A violation of a protocol's contract.
    public struct Violation: Error, CustomStringConvertible {
        /// What was found, what is required, and what to change.
        public let description: String
    }

    static func require(_ condition: Bool, _ violation: @autoclosure () -> String) throws {
        guard condition else { throw Violation(description: violation()) }
    }
}
