/// One image that a source offers: its id and the way to its bytes.
public struct ImageReference: Sendable {
    /// Identifies the image in the store, the same whenever the source is read again.
    public let id: String
    /// Changes when the image does, and is known without reading it; `nil` where the source cannot tell.
    ///
    /// For a file, its size and the time of its last modification. Compared for equality only.
    public let version: String?
    /// The image's values of ``ImageSource/columns``, in their order; empty where none of them has one.
    public let values: [ColumnValue]
    /// Whether it stands for a part of the source that could not be looked into, and whose images are not known.
    public let isUnknownPart: Bool
    private let read: @Sendable (inout [UInt8]) async throws -> Void

    /// Creates a reference that reads into memory which is used again for the next image.
    ///
    /// - Parameters:
    ///   - id: Identifies the image in the store.
    ///   - version: Changes when the image does.
    ///   - values: Values of the source's columns, as many as there are.
    ///   - readInto: Replaces the contents of an array with the bytes of the image file, and keeps its capacity. It may
    ///     block, and is called from any task.
    public init(
        id: String,
        version: String? = nil,
        values: [ColumnValue] = [],
        readInto: @escaping @Sendable (_ buffer: inout [UInt8]) async throws -> Void
    ) {
        self.id = id
        self.version = version
        self.values = values
        self.isUnknownPart = false
        self.read = readInto
    }

    /// Stands for a part of a source that cannot be looked into, such as a folder or the rest of a damaged archive.
    ///
    /// - Parameters:
    ///   - id: Names the part.
    ///   - error: What reading it throws.
    public init(unknownPart id: String, error: any Error) {
        self.id = id
        self.version = FileVersion.unknown
        self.values = []
        self.isUnknownPart = true
        self.read = { _ in throw error }
    }

    /// The same image with the columns of another source.
    func with(values: [ColumnValue]) -> ImageReference {
        ImageReference(self, values: values)
    }

    private init(_ other: ImageReference, values: [ColumnValue]) {
        id = other.id
        version = other.version
        isUnknownPart = other.isUnknownPart
        read = other.read
        self.values = values
    }

    /// Creates a reference.
    ///
    /// - Parameters:
    ///   - id: Identifies the image in the store.
    ///   - version: Changes when the image does.
    ///   - values: Values of the source's columns, as many as there are.
    ///   - read: Returns the bytes of the image file. It may block, and is called from any task.
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
    /// - Throws: ``CLIPError`` with code `notFound`, `unreadable` or `limitExceeded`; `buffer` is then unspecified.
    public func read(into buffer: inout [UInt8]) async throws {
        try await read(&buffer)
    }

    /// The bytes of the image file.
    ///
    /// - Throws: What ``read(into:)`` throws.
    public func bytes() async throws -> [UInt8] {
        var buffer = [UInt8]()
        try await read(&buffer)
        return buffer
    }
}
