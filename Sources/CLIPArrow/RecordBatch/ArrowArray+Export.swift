internal import CParquet

extension ArrowArray {
    /// A table of columns of equal length: a struct with one child per column.
    ///
    /// The receiver must call `release`.
    ///
    /// - Precondition: The texts of a column have less than 2 GiB, as in `[Column].tables(for:maximumTextBytes:)`.
    init(table columns: [Column]) {
        let count = columns.first?.count ?? 0
        precondition(columns.allSatisfy { $0.count == count }, "the columns of a table have one length")
        self.init(count: count, buffers: [nil], children: columns.map { ArrowArray($0) })
    }

    private init(_ column: Column) {
        switch column {
        case .text(let values):
            let (offsets, bytes) = Self.offsetsAndBytes(values)
            self.init(count: values.count, buffers: [nil, Buffer(offsets), Buffer(bytes)])
        case .choiceLists(let positions, let lengths, let texts):
            let (offsets, bytes) = Self.offsetsAndBytes(positions, of: texts)
            let items = ArrowArray(count: positions.count, buffers: [nil, Buffer(offsets), Buffer(bytes)])
            self.init(count: lengths.count, buffers: [nil, Buffer(Self.offsets(lengths))], children: [items])
        case .optionalText(let values):
            let (offsets, bytes) = Self.offsetsAndBytes(values.map { $0 ?? "" })
            self.init(values, buffers: [Buffer(offsets), Buffer(bytes)])
        case .integers(let values):
            self.init(values, buffers: [Buffer(values.map { $0 ?? 0 })])
        case .numbers(let values):
            self.init(values, buffers: [Buffer(values.map { $0 ?? 0 })])
        case .booleans(let values):
            self.init(values, buffers: [Buffer(Self.bits(values.map { $0 ?? false }))])
        case .optionalFloats(let values):
            self.init(values, buffers: [Buffer(values.map { $0 ?? 0 })])
        case .float(let values):
            self.init(count: values.count, buffers: [nil, Buffer(values)])
        case .choice(let positions, let texts):
            self.init(count: positions.count, buffers: [nil, Buffer(positions)], dictionary: ArrowArray(.text(texts)))
        case .vectors(let values, _, let elementType):
            let items =
                switch elementType {
                case .float32: Buffer(values)
                case .float16: Buffer(values.map(HalfFloat.bits))
                }
            let child = ArrowArray(count: values.count, buffers: [nil, items])
            self.init(count: column.count, buffers: [nil], children: [child])
        case .masked(let column, let isPresent):
            self.init(column)
            let missing = isPresent.count { !$0 }
            guard missing > 0, let data = private_data else { return }
            Unmanaged<ArrayStorage>.fromOpaque(data).takeUnretainedValue().mask(with: Buffer(Self.bits(isPresent)))
            null_count = Int64(missing)
        case .bytes(let bytes, let rowBytes):
            let offsets = Self.offsets(repeatElement(rowBytes, count: column.count))
            self.init(count: column.count, buffers: [nil, Buffer(offsets), Buffer(bytes)])
        }
    }

    /// An array with a validity bitmap for missing values.
    private init<Value>(_ values: [Value?], buffers: [Buffer]) {
        let missing = values.count { $0 == nil }
        let validity = missing > 0 ? Buffer(Self.bits(values.map { $0 != nil })) : nil
        self.init(count: values.count, buffers: [validity] + buffers)
        null_count = Int64(missing)
    }

    private static func bits(_ values: [Bool]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: (values.count + 7) / 8)
        for (index, value) in values.enumerated() where value {
            bytes[index / 8] |= 1 << UInt8(index % 8)
        }
        return bytes
    }

    private init(count: Int, buffers: [Buffer?], children: [ArrowArray] = [], dictionary: ArrowArray? = nil) {
        self.init()
        let storage = ArrayStorage(buffers: buffers, children: children, dictionary: dictionary)
        self.length = Int64(count)
        self.n_buffers = Int64(buffers.count)
        self.buffers = storage.pointers
        self.n_children = Int64(children.count)
        self.children = storage.children.pointers
        self.dictionary = storage.dictionary.pointers?.pointee
        self.private_data = Unmanaged.passRetained(storage).toOpaque()
        self.release = { array in
            guard let array, let data = array.pointee.private_data else { return }
            Unmanaged<ArrayStorage>.fromOpaque(data).release()
            array.pointee.release = nil
        }
    }

    private static func offsetsAndBytes(_ texts: [String]) -> ([Int32], [UInt8]) {
        var bytes = [UInt8]()
        for text in texts {
            bytes += text.utf8
        }
        return (offsets(texts.lazy.map(\.utf8.count)), bytes)
    }

    private static func offsetsAndBytes(_ positions: [Int32], of texts: [String]) -> ([Int32], [UInt8]) {
        let texts = texts.map { Array($0.utf8) }
        var bytes = [UInt8]()
        for position in positions {
            bytes += texts[Int(position)]
        }
        return (offsets(positions.lazy.map { texts[Int($0)].count }), bytes)
    }

    private static func offsets(_ lengths: some Sequence<Int>) -> [Int32] {
        var offsets: [Int32] = [0]
        var end: Int32 = 0
        for length in lengths {
            end += Int32(length)
            offsets.append(end)
        }
        return offsets
    }
}

/// A copy of one buffer's bytes.
private final class Buffer {
    let bytes: UnsafeMutableRawBufferPointer

    init<Element: BitwiseCopyable>(_ values: [Element]) {
        let count = values.count * MemoryLayout<Element>.stride
        bytes = .allocate(byteCount: max(count, 1), alignment: 64)
        values.withUnsafeBytes { bytes.copyMemory(from: $0) }
    }

    deinit {
        bytes.deallocate()
    }
}

/// The memory that an exported array points to.
private final class ArrayStorage {
    let pointers: UnsafeMutablePointer<UnsafeRawPointer?>
    let children: ChildPointers<ArrowArray>
    let dictionary: ChildPointers<ArrowArray>
    private var buffers: [Buffer?]

    init(buffers: [Buffer?], children: [ArrowArray], dictionary: ArrowArray?) {
        self.buffers = buffers
        self.children = ChildPointers(children) { child in child.pointee.release?(child) }
        self.dictionary = ChildPointers(dictionary.map { [$0] } ?? []) { child in child.pointee.release?(child) }
        pointers = .allocate(capacity: buffers.count)
        for (index, buffer) in buffers.enumerated() {
            (pointers + index).initialize(to: buffer.map { UnsafeRawPointer($0.bytes.baseAddress.unsafelyUnwrapped) })
        }
    }

    /// Adds a validity bitmap.
    func mask(with validity: Buffer) {
        buffers[0] = validity
        pointers[0] = UnsafeRawPointer(validity.bytes.baseAddress.unsafelyUnwrapped)
    }

    deinit {
        pointers.deallocate()
    }
}
