#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension CLIPError: LocalizedError {
    /// The message, followed by the cause if there is one; Foundation returns it as `localizedDescription`.
    public var errorDescription: String? { description }
}
