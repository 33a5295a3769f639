#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension CLIPError: LocalizedError {
    /// The message, followed by the cause where there is one: what Foundation's `localizedDescription` says.
    public var errorDescription: String? { description }
}
