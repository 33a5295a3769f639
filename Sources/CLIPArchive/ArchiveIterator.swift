internal import CLIPCore
internal import CLIPPipeline

/// Iterates over the images of several archives in turn.
struct ArchiveIterator: ImageIterator {
    private let source: ArchiveSource
    private let rules: MemberRules
    private var rest: ArraySlice<String>
    private var current: ArchiveWalk?

    /// - Throws: `CLIPError` with code `unsupportedFormat` or `limitExceeded` if a pattern is malformed or too large.
    init(_ source: ArchiveSource) throws {
        self.source = source
        rules = try source.options.memberRules()
        rest = source.paths[...]
    }

    mutating func next() async throws -> ImageReference? {
        while true {
            let image = current?.next()
            // Cancelling ends the walk within an archive, which would look like damage.
            try Task.checkCancellation()
            if let image { return image }
            current = nil
            guard let location = rest.popFirst() else { return nil }
            do {
                current = try ArchiveWalk(await open(location), source.options, rules)
            } catch let error as CLIPError {
                return ImageReference(unknownPart: "\(LocationSecrets.publicText(of: location))#0", error: error)
            }
        }
    }

    private func open(_ location: String) async throws -> ArchiveFile {
        guard ImageLocations.scheme(of: location) != nil else { return try ArchiveFile(path: location) }
        return try await ArchiveFile(uri: location, source.locations)
    }
}
