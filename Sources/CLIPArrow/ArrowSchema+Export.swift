internal import CParquet

/// A column's name and kind.
struct Field {
    let name: String
    let kind: Column.Kind
}

extension ArrowSchema {
    /// The schema of a table: a struct with one child a column, none of them nullable.
    ///
    /// The receiver ends it by calling `release`.
    init(_ fields: [Field]) {
        self.init(format: "+s", name: "", children: fields.map { ArrowSchema($0) })
    }

    private init(_ field: Field) {
        let items = field.kind.item.map { [ArrowSchema(Field(name: $0.name, kind: $0.kind))] } ?? []
        self.init(format: field.kind.format, name: field.name, children: items)
    }

    private init(format: String, name: String, children: [ArrowSchema]) {
        self.init()
        let storage = SchemaStorage(format: format, name: name, children: children)
        self.format = UnsafePointer(storage.format)
        self.name = UnsafePointer(storage.name)
        self.n_children = Int64(children.count)
        self.children = storage.children.pointers
        self.private_data = Unmanaged.passRetained(storage).toOpaque()
        self.release = { schema in
            guard let schema, let data = schema.pointee.private_data else { return }
            Unmanaged<SchemaStorage>.fromOpaque(data).release()
            schema.pointee.release = nil
        }
    }
}

/// Owns what an exported schema points to.
private final class SchemaStorage {
    let format: UnsafeMutablePointer<CChar>
    let name: UnsafeMutablePointer<CChar>
    let children: ChildPointers<ArrowSchema>

    init(format: String, name: String, children: [ArrowSchema]) {
        self.format = Self.copy(format)
        self.name = Self.copy(name)
        self.children = ChildPointers(children) { child in child.pointee.release?(child) }
    }

    deinit {
        format.deallocate()
        name.deallocate()
    }

    private static func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
        let bytes = text.utf8CString
        let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count)
        _ = copy.initialize(from: bytes)
        return copy.baseAddress.unsafelyUnwrapped
    }
}

/// Owns the children of an exported schema or array, and the pointers to them that C asks for.
final class ChildPointers<Child> {
    /// One pointer a child; `nil` when there are none.
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
