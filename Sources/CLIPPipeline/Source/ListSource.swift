public import CLIPCore
internal import Synchronization

/// Images named one by one, by paths or URIs.
///
/// An image's id is its path or URI as it was given; a signed URL loses its query in the id, and bytes of a path that are
/// not UTF-8 show as `\xNN`. An address that cannot be used, such as a URI with credentials, is offered as an image that
/// cannot be read, with its place in the list as the id.
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

    /// Creates a source from a text file with one path or URI a line.
    ///
    /// Empty lines are skipped; relative paths start at the working directory. The file is read while the images are
    /// walked, in bounded memory. A FIFO or `/dev/stdin` is read to its end and can be walked once.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`.
    public init(contentsOf listPath: String, locations: ImageLocations = ImageLocations()) throws {
        self.lines = .file(try ListFile(listPath))
        self.locations = locations
    }

    /// Starts at the first image.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`, the latter also when a stream was walked already.
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

/// The file of a list, which can be opened again unless it is a stream.
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
            throw CLIPError(.unreadable, "\(path) is a stream and was read already. Save the list to a file.")
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

/// One path or URI of a list.
private struct ListEntry {
    /// Nothing where there are too many.
    let bytes: [UInt8]?
    /// Where it stands, which is the id of an image whose address cannot be one.
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
                throw CLIPError(.unsupportedFormat, "Cannot read \(place): a URI has to be UTF-8 text.")
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
            throw CLIPError(.unsupportedFormat, "Cannot read \(place): it holds a zero byte, as no path or URI does.")
        }
        return bytes
    }
}
