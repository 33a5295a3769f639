public import CLIPCore
internal import Synchronization

/// Images listed by path or URI.
///
/// An image's id is its path or URI as written, except that a signed URL loses its query, and path bytes that are not
/// UTF-8 are shown as `\xNN`. An entry that cannot be used, such as a URI with credentials, is offered as an unreadable
/// image whose id is its position in the list.
public struct ListSource: ImageSource {
    private enum Lines: Sendable {
        case given([String])
        case file(ListFile)
    }

    private let lines: Lines
    private let locations: ImageLocations

    /// Creates a source from paths and URIs.
    public init(paths: [String], locations: ImageLocations = ImageLocations()) {
        self.lines = .given(paths)
        self.locations = locations
    }

    /// Creates a source from a text file with one path or URI per line.
    ///
    /// Empty lines are skipped. Relative paths are resolved against the working directory. The file is read during the
    /// walk, in bounded memory. A FIFO or `/dev/stdin` is read to its end and can be walked only once.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`.
    public init(contentsOf listPath: String, locations: ImageLocations = ImageLocations()) throws {
        self.lines = .file(try ListFile(listPath))
        self.locations = locations
    }

    /// Starts at the first image.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`, also `unreadable` if a stream was already walked.
    public func makeIterator() throws -> any ImageIterator {
        switch lines {
        case .given(let paths): GivenPaths(paths: paths, locations: locations)
        case .file(let file): ListedPaths(path: file.path, lines: try file.open(), locations: locations)
        }
    }

    /// Number of paths, or `nil` for a stream.
    ///
    /// - Throws: What ``makeIterator()`` and its iterator throw.
    public func count() async throws -> Int? {
        switch lines {
        case .given(let paths): return paths.count
        case .file(let file):
            guard !file.isStream else { return nil }
            let lines = try file.open()
            var count = 0
            while let line = try await lines.next() {
                if line.bytes?.isEmpty != true { count += 1 }
            }
            return count
        }
    }
}

/// The list file, which can be reopened unless it is a stream.
private final class ListFile: Sendable {
    let isStream: Bool
    let path: String
    private let wasOpened = Mutex(false)

    init(_ path: String) throws {
        self.path = path
        self.isStream = try PathKind.isStream(path)
    }

    func open() throws -> LineReader {
        let isFirst = wasOpened.withLock { wasOpened in
            defer { wasOpened = true }
            return !wasOpened
        }
        guard isFirst || !isStream else {
            throw CLIPError(.unreadable, "\(path) is a stream that was already read. Save the list to a file.")
        }
        return try LineReader(path)
    }
}

private struct GivenPaths: ImageIterator {
    let paths: [String]
    let locations: ImageLocations
    var position = 0

    mutating func next() -> ImageReference? {
        guard position < paths.count else { return nil }
        defer { position += 1 }
        return ListEntry(bytes: Array(paths[position].utf8), place: "source \(position + 1)")
            .image(locations)
    }
}

private struct ListedPaths: ImageIterator {
    let path: String
    let lines: LineReader
    let locations: ImageLocations

    func next() async throws -> ImageReference? {
        while let line = try await lines.next() {
            guard line.bytes?.isEmpty != true else { continue }
            return ListEntry(bytes: line.bytes, place: "line \(line.number) of \(path)").image(locations)
        }
        return nil
    }
}

/// One path or URI in a list.
private struct ListEntry {
    /// `nil` if the line is too long.
    let bytes: [UInt8]?
    /// The entry's position, used as the id of an image whose path or URI cannot be one.
    let place: String

    func image(_ locations: ImageLocations) -> ImageReference {
        do {
            let bytes = try checkedBytes()
            let text = PathText.text(bytes[...])
            try LocationSecrets.requireNone(in: text)
            if String(validating: bytes, as: UTF8.self) != nil {
                return locations.image(at: text, id: LocationSecrets.publicText(of: text))
            }
            guard ImageLocations.scheme(of: text) == nil else {
                throw CLIPError(.unsupportedFormat, "Cannot read \(place): a URI must be UTF-8 text.")
            }
            let file = LocalFile(path: bytes, maximumBytes: locations.maximumFileBytes)
            return ImageReference(id: text, file: file)
        } catch {
            return ImageReference(unknownPart: place, error: error)
        }
    }

    private func checkedBytes() throws -> [UInt8] {
        guard let bytes else {
            throw CLIPError(
                .limitExceeded,
                "Cannot read \(place): it is longer than \(LineReader.maximumLineBytes) bytes."
            )
        }
        guard !bytes.contains(0) else {
            throw CLIPError(.unsupportedFormat, "Cannot read \(place): it contains a zero byte.")
        }
        return bytes
    }
}
