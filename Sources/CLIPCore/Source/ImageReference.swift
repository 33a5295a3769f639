/// One image of a source: its id and how to read its bytes.
public struct ImageReference: Sendable {
    /// Identifies the image in the store; the same each time the source is read.
    public let id: String
    /// The image's values for ``ImageSource/columns``, in order; empty if all are missing.
    public private(set) var values: [ColumnValue]
    /// Whether this stands for a part of the source that could not be read, so that its images are unknown.
    package private(set) var isUnknownPart = false
    /// The number of bytes of the image file that are in memory for as long as this reference exists.
    package private(set) var heldByteCount = 0
    private let contents: Contents

    private enum Contents: Sendable {
        /// A file, whose version is determined on demand.
        case file(LocalFile)
        case other(version: String?, read: @Sendable (inout [UInt8]) async throws -> Void)
    }

    /// Creates a reference that reads into a reusable buffer.
    ///
    /// - Parameters:
    ///   - id: Identifies the image in the store.
    ///   - version: Changes whenever the image changes.
    ///   - values: One value per column of the source.
    ///   - heldByteCount: The number of bytes that `readInto` holds in memory.
    ///   - readInto: Replaces the contents of an array with the bytes of the image file, keeping its capacity. It may
    ///     block: a run calls it on a dedicated thread. It may continue after the run is cancelled.
    package init(
        id: String,
        version: String? = nil,
        values: [ColumnValue] = [],
        heldByteCount: Int = 0,
        readInto: @escaping @Sendable (_ buffer: inout [UInt8]) async throws -> Void
    ) {
        self.id = id
        self.values = values
        self.heldByteCount = heldByteCount
        self.contents = .other(version: version, read: readInto)
    }

    /// Creates a reference to a file without accessing it.
    package init(id: String, values: [ColumnValue] = [], file: LocalFile) {
        self.id = id
        self.values = values
        self.contents = .file(file)
    }

    /// Creates a placeholder for a part of a source that cannot be read, such as a folder or the rest of a damaged
    /// archive.
    ///
    /// - Parameters:
    ///   - id: Names the part.
    ///   - error: The error that reading it throws.
    package init(unknownPart id: String, error: any Error) {
        self.id = id
        self.values = []
        self.isUnknownPart = true
        self.contents = .other(version: FileVersion.unknown, read: { _ in throw error })
    }

    /// The bytes of the path of the image's file; `nil` if it is not a file of its own on this machine.
    package var filePath: [UInt8]? { if case .file(let file) = contents { file.path } else { nil } }

    /// The same image with values for the columns of another source.
    package func with(values: [ColumnValue]) -> ImageReference {
        var image = self
        image.values = values
        return image
    }

    /// Changes whenever the image changes, and is known without reading the image; `nil` if the source cannot tell.
    ///
    /// For a file, its size and modification time, which each access reads from the file system and may block. Compare
    /// versions for equality only.
    public var version: String? {
        switch contents {
        case .file(let file): file.version
        case .other(let version, _): version
        }
    }

    /// Creates a reference.
    ///
    /// - Parameters:
    ///   - id: Identifies the image in the store.
    ///   - version: Changes whenever the image changes.
    ///   - values: One value per column of the source.
    ///   - read: Returns the bytes of the image file. It may block: a run calls it on a dedicated thread. It may
    ///     continue after the run is cancelled.
    public init(
        id: String,
        version: String? = nil,
        values: [ColumnValue] = [],
        read: @escaping @Sendable () async throws -> [UInt8]
    ) {
        self.init(id: id, version: version, values: values, readInto: { $0 = try await read() })
    }

    /// Replaces the contents of `buffer` with the bytes of the image file.
    ///
    /// - Returns: The ``version`` of the image that these bytes belong to.
    /// - Throws: ``CLIPError`` with code `notFound`, `unreadable` or `limitExceeded`; `buffer` is then unspecified.
    @discardableResult
    package func read(into buffer: inout [UInt8]) async throws -> String? {
        switch contents {
        case .file(let file):
            return try file.read(into: &buffer)
        case .other(let version, let read):
            try await read(&buffer)
            return version
        }
    }

    /// The bytes of the image file.
    ///
    /// - Throws: ``CLIPError`` with code `notFound`, `unreadable` or `limitExceeded`.
    public func bytes() async throws -> [UInt8] {
        var buffer = [UInt8]()
        try await read(into: &buffer)
        return buffer
    }
}
