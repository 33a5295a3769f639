/// Images named one by one.
///
/// An image's id is its path as it was given.
public struct ListSource: ImageSource {
    /// The paths, in order.
    public let paths: [String]
    /// A larger file is rejected before it is read.
    public let maximumFileBytes: Int

    /// Creates a source from paths.
    public init(_ paths: [String], maximumFileBytes: Int = 1 << 30) {
        self.paths = paths
        self.maximumFileBytes = maximumFileBytes
    }

    /// Creates a source from a text file with one path a line.
    ///
    /// Empty lines are skipped; relative paths start at the working directory. A FIFO or `/dev/stdin` is read to its end.
    ///
    /// - Throws: ``CLIPError`` with code `notFound`, `unreadable`, or `unsupportedFormat` when the file is not UTF-8 text.
    public init(contentsOf listPath: String, maximumFileBytes: Int = 1 << 30) throws {
        var bytes = try FileBytes.read(listPath, allowsStreams: true)
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if bytes.starts(with: byteOrderMark) { bytes.removeFirst(byteOrderMark.count) }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw CLIPError(.unsupportedFormat, "\(listPath) is not a list of paths: it is not UTF-8 text.")
        }
        self.init(text.split(whereSeparator: \.isNewline).map(String.init), maximumFileBytes: maximumFileBytes)
    }

    /// Starts at the first image.
    public func makeIterator() -> any ImageIterator {
        ListIterator(paths: paths[...], maximumFileBytes: maximumFileBytes)
    }
}

private struct ListIterator: ImageIterator {
    var paths: ArraySlice<String>
    let maximumFileBytes: Int

    mutating func next() -> ImageReference? {
        guard let path = paths.popFirst() else { return nil }
        return ImageReference(id: path) { [maximumFileBytes] in
            try FileBytes.read(path, maximumBytes: maximumFileBytes)
        }
    }
}
