package import CLIPCore
package import CLIPTesting

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// All images of a source, in order.
package func images(of source: some ImageSource) async throws -> [ImageReference] {
    var iterator = try source.makeIterator()
    var images = [ImageReference]()
    while let image = try await iterator.next() {
        images.append(image)
    }
    return images
}

/// The ids of all images of a source, in order.
package func ids(_ source: some ImageSource) async throws -> [String] {
    try await images(of: source).map(\.id)
}

extension TemporaryFolder {
    /// Makes a file one that was last written at a time, in seconds since 1970.
    package func setTime(of name: String, _ seconds: Int) throws {
        let time = timespec(tv_sec: seconds, tv_nsec: 0)
        guard utimensat(AT_FDCWD, "\(path)/\(name)", [time, time], 0) == 0 else {
            throw CLIPError(.storage, "Cannot set the time of \(name): \(SystemError.last).")
        }
    }
}
