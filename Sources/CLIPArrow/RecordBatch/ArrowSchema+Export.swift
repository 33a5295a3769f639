internal import CParquet

/// The name and kind of a column.
package struct Field: Sendable {
    package let name: String
    package let kind: Column.Kind

    package init(name: String, kind: Column.Kind) {
        self.name = name
        self.kind = kind
    }
}

extension ArrowSchema {
    /// The schema of a table: a struct with one child per column.
    ///
    /// The receiver must call `release`.
    init(_ fields: [Field], metadata: [(key: String, value: String)]) {
        self.init(format: "+s", name: "", children: fields.map { ArrowSchema($0) }, metadata: metadata)
    }

    private init(_ field: Field) {
        let items = field.kind.item.map { [ArrowSchema(Field(name: $0.name, kind: $0.kind))] } ?? []
        let dictionary = field.kind.dictionary.map { ArrowSchema(Field(name: "", kind: $0)) }
        self.init(format: field.kind.format, name: field.name, children: items, dictionary: dictionary)
        flags = field.kind.isNullable ? Int64(ARROW_FLAG_NULLABLE) : 0
    }

    private init(
        format: String,
        name: String,
        children: [ArrowSchema],
        dictionary: ArrowSchema? = nil,
        metadata: [(key: String, value: String)] = []
    ) {
        self.init()
        let storage = SchemaStorage(
            format: format,
            name: name,
            children: children,
            dictionary: dictionary,
            metadata: metadata
        )
        self.format = UnsafePointer(storage.format)
        self.name = UnsafePointer(storage.name)
        self.metadata = storage.metadata.map { UnsafePointer($0) }
        self.n_children = Int64(children.count)
        self.children = storage.children.pointers
        self.dictionary = storage.dictionary.pointers?.pointee
        self.private_data = Unmanaged.passRetained(storage).toOpaque()
        self.release = { schema in
            guard let schema, let data = schema.pointee.private_data else { return }
            Unmanaged<SchemaStorage>.fromOpaque(data).release()
            schema.pointee.release = nil
        }
    }
}

/// The memory that an exported schema points to.
private final class SchemaStorage {
    let format: UnsafeMutablePointer<CChar>
    let name: UnsafeMutablePointer<CChar>
    let metadata: UnsafeMutablePointer<CChar>?
    let children: ChildPointers<ArrowSchema>
    let dictionary: ChildPointers<ArrowSchema>

    init(
        format: String,
        name: String,
        children: [ArrowSchema],
        dictionary: ArrowSchema?,
        metadata: [(key: String, value: String)]
    ) {
        self.format = Self.copy(Array(format.utf8CString))
        self.name = Self.copy(Array(name.utf8CString))
        self.metadata = metadata.isEmpty ? nil : Self.copy(Self.encoded(metadata))
        self.children = ChildPointers(children) { child in child.pointee.release?(child) }
        self.dictionary = ChildPointers(dictionary.map { [$0] } ?? []) { child in child.pointee.release?(child) }
    }

    deinit {
        format.deallocate()
        name.deallocate()
        metadata?.deallocate()
    }

    /// Key-value pairs in the encoding of the C data interface: their number, then each text preceded by its length.
    private static func encoded(_ metadata: [(key: String, value: String)]) -> [CChar] {
        func number(_ value: Int) -> [CChar] {
            withUnsafeBytes(of: Int32(value)) { $0.map(CChar.init(bitPattern:)) }
        }
        return metadata.reduce(number(metadata.count)) { bytes, pair in
            [pair.key, pair.value].reduce(bytes) { $0 + number($1.utf8.count) + $1.utf8.map(CChar.init(bitPattern:)) }
        }
    }

    private static func copy(_ bytes: [CChar]) -> UnsafeMutablePointer<CChar> {
        let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count)
        _ = copy.initialize(from: bytes)
        return copy.baseAddress.unsafelyUnwrapped
    }
}

/// The children of an exported schema or array, and the array of pointers to them that C expects.
final class ChildPointers<Child> {
    /// One pointer per child; `nil` if there are none.
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<Child>?>?
    private let values: UnsafeMutableBufferPointer<Child>
    private let release: (UnsafeMutablePointer<Child>) -> Void

    init(_ children: [Child], release: @escaping (UnsafeMutablePointer<Child>) -> Void) {
        values = .allocate(capacity: children.count)
        _ = values.initialize(from: children)
        self.release = release
        guard let first = values.baseAddress, !children.isEmpty else {
            pointers = nil
            return
        }
        let pointers = UnsafeMutablePointer<UnsafeMutablePointer<Child>?>.allocate(capacity: children.count)
        for index in children.indices {
            (pointers + index).initialize(to: first + index)
        }
        self.pointers = pointers
    }

    deinit {
        for index in values.indices {
            release(values.baseAddress.unsafelyUnwrapped + index)
        }
        values.deallocate()
        pointers?.deallocate()
    }
}
