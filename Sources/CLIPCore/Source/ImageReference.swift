/// One image that a source offers: its id and the way to its bytes.
public struct ImageReference: Sendable {
    /// Identifies the image in the store, the same whenever the source is read again.
    public let id: String
    /// The image's values of ``ImageSource/columns``, in their order; empty where none of them has one.
    package private(set) var values: [ColumnValue]
    /// Whether it stands for a part of the source that could not be looked into, and whose images are not known.
    package let isUnknownPart: Bool
    private let contents: Contents

    private enum Contents: Sendable {
        /// A file, whose version is asked for where it is needed.
        case file(LocalFile)
        case other(version: String?, read: @Sendable (inout [UInt8]) async throws -> Void)
    }

    /// Creates a reference that reads into memory which is used again for the next image.
    ///
    /// - Parameters:
    ///   - id: Identifies the image in the store.
    ///   - version: Changes when the image does.
    ///   - values: Values of the source's columns, as many as there are.
    ///   - readInto: Replaces the contents of an array with the bytes of the image file, and keeps its capacity. It may
    ///     block: a run calls it on a thread that is there for that. When the run is stopped, it may continue by itself.
    package init(
        id: String,
        version: String? = nil,
        values: [ColumnValue] = [],
        readInto: @escaping @Sendable (_ buffer: inout [UInt8]) async throws -> Void
    ) {
        self.id = id
        self.values = values
        self.isUnknownPart = false
        self.contents = .other(version: version, read: readInto)
    }

    /// Creates a reference to a file, which is not looked at yet.
    package init(id: String, values: [ColumnValue] = [], file: LocalFile) {
        self.id = id
        self.values = values
        self.isUnknownPart = false
        self.contents = .file(file)
    }

    /// Stands for a part of a source that cannot be looked into, such as a folder or the rest of a damaged archive.
    ///
    /// - Parameters:
    ///   - id: Names the part.
    ///   - error: What reading it throws.
    package init(unknownPart id: String, error: any Error) {
        self.id = id
        self.values = []
        self.isUnknownPart = true
        self.contents = .other(version: FileVersion.unknown, read: { _ in throw error })
    }

    /// The same image with the columns of another source.
    package func with(values: [ColumnValue]) -> ImageReference {
        var image = self
        image.values = values
        return image
    }

    /// Changes when the image does, and is known without reading it; `nil` where the source cannot tell.
    ///
    /// For a file, its size and the time of its last modification, which the system is asked for each time; that may
    /// block. Compared for equality only.
    package var version: String? {
        switch contents {
        case .file(let file): file.version
        case .other(let version, _): version
        }
    }

    /// Creates a reference.
    ///
    /// - Parameters:
    ///   - id: Identifies the image in the store.
    ///   - version: Changes when the image does.
    ///   - values: Values of the source's columns, as many as there are.
    ///   - read: Returns the bytes of the image file. It may block: a run calls it on a thread that is there for that. When
    ///     the run is stopped, it may continue by itself.
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
    /// - Returns: The ``version`` of the image with these bytes.
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
