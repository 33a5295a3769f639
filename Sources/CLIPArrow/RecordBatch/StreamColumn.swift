internal import CParquet

/// A column of a stream of record batches.
struct StreamColumn: Equatable {
    let name: String
    /// What the column is called in the file; `libparquet-c` gives each column a name of its own.
    let nameInFile: String
    /// The format string of the Arrow C data interface.
    let format: String
    /// The format string of a list's items.
    let itemFormat: String?

    init(_ schema: ArrowSchema) {
        name = String(cString: schema.name)
        nameInFile = schema.metadataValue("name_in_file") ?? name
        format = String(cString: schema.format)
        itemFormat = schema.n_children > 0 ? schema.children?[0].map { String(cString: $0.pointee.format) } : nil
    }
}

extension ArrowSchema {
    /// A value in the schema's metadata, whose encoding is that of the C data interface: the number of pairs, then each
    /// text preceded by its length.
    fileprivate func metadataValue(_ key: String) -> String? {
        guard let metadata = UnsafeRawPointer(metadata) else { return nil }
        var position = 0
        func number() -> Int {
            defer { position += 4 }
            return Int(metadata.loadUnaligned(fromByteOffset: position, as: Int32.self))
        }
        func text() -> String {
            let count = number()
            defer { position += count }
            return String(decoding: UnsafeRawBufferPointer(start: metadata + position, count: count), as: UTF8.self)
        }
        for _ in 0..<number() {
            let (name, value) = (text(), text())
            if name == key { return value }
        }
        return nil
    }
}
