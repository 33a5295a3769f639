internal import CLIPCore
internal import CLIPImage

/// The still images of a HEIF file (ISO/IEC 23008-12): HEIC, AVIF and others.
struct HEIFContainer {
    struct Item {
        /// The four characters of its coding, such as `hvc1`.
        var type = ""
        var properties: [MediaBox] = []
        /// Where its bytes are: in the file, or in the box `idat`.
        var isInItemData = false
        var extents: [(offset: Int, length: Int)] = []
        /// The items it refers to, by the kind of reference.
        var references: [String: [Int]] = [:]
    }

    /// Items of files have a dozen properties.
    private static let maxProperties = 256

    let data: [UInt8]
    private(set) var items: [Int: Item] = [:]
    private(set) var primary = 0
    private var itemData: ArraySlice<UInt8> = []

    /// Reads what the file says of its images.
    init(_ data: [UInt8]) throws(CLIPError) {
        self.data = data
        let boxes = MediaBox.all(in: data[...])
        guard let meta = boxes.first(where: { $0.type == "meta" }) else {
            throw boxes.contains { $0.type == "moov" }
                ? .unsupported("HEIC", "only a sequence and no still image")
                : .damaged("HEIC", "it has no complete box \"meta\", or is truncated before")
        }
        var properties: [MediaBox] = []
        var associations: [MediaBox] = []
        for box in MediaBox.all(in: meta.content.dropFirst(4)) {
            switch box.type {
            case "pitm": try readPrimary(box.fields)
            case "iinf": try readTypes(box.fields)
            case "iloc": try readLocations(box.fields)
            case "iref": try readReferences(box.fields)
            case "idat": itemData = box.content
            case "iprp":
                for child in MediaBox.all(in: box.content) {
                    if child.type == "ipco" { properties = Array(MediaBox.all(in: child.content)) }
                    if child.type == "ipma" { associations.append(child) }
                }
            default: break
            }
        }
        for box in associations { try associate(box.fields, with: properties) }
    }

    /// The bytes of an item.
    func bytes(of id: Int) throws(CLIPError) -> ArraySlice<UInt8> {
        guard let item = items[id], !item.extents.isEmpty else { throw .damaged("HEIC", "an image has no data") }
        let source = item.isInItemData ? itemData : data[...]
        var parts: [ArraySlice<UInt8>] = []
        for (offset, length) in item.extents {
            guard offset <= source.count, length <= source.count - offset else {
                throw .truncated("HEIC", data)
            }
            // An extent of no length reaches to the end.
            parts.append(source.dropFirst(offset).prefix(length == 0 ? source.count : length))
        }
        if parts.count == 1 { return parts[0] }
        guard parts.reduce(0, { $0 + $1.count }) <= source.count else {
            throw .damaged("HEIC", "the parts of an image overlap")
        }
        return ArraySlice(parts.joined())
    }
}

extension HEIFContainer {
    private mutating func readPrimary(_ fields: MediaBoxFields) throws(CLIPError) {
        var fields = fields
        primary = try fields.number(fields.version().version == 0 ? 2 : 4)
    }

    private mutating func readTypes(_ fields: MediaBoxFields) throws(CLIPError) {
        var fields = fields
        _ = try fields.number(fields.version().version == 0 ? 2 : 4)
        for box in MediaBox.all(in: fields.rest) where box.type == "infe" {
            var entry = box.fields
            let version = try entry.version().version
            guard version >= 2 else { continue }
            let id = try entry.number(version == 2 ? 2 : 4)
            _ = try entry.number(2)
            items[id, default: Item()].type = String(decoding: try entry.bytes(4), as: UTF8.self)
        }
    }

    private mutating func readLocations(_ fields: MediaBoxFields) throws(CLIPError) {
        var fields = fields
        let version = try fields.version().version
        let (sizes, moreSizes) = (try fields.number(1), try fields.number(1))
        let (offsetSize, lengthSize, baseSize) = (sizes >> 4, sizes & 15, moreSizes >> 4)
        let indexSize = version == 0 ? 0 : moreSizes & 15
        guard max(offsetSize, lengthSize, baseSize, indexSize) <= 8 else { throw fields.damage }
        for _ in 0..<(try fields.number(version < 2 ? 2 : 4)) {
            var item = Item()
            let id = try fields.number(version < 2 ? 2 : 4)
            let method = version == 0 ? 0 : try fields.number(2) & 15
            item.isInItemData = method == 1
            _ = try fields.number(2)
            let base = try fields.number(baseSize)
            let count = try fields.number(2)
            guard count < 2 || offsetSize + lengthSize > 0 else { throw fields.damage }
            for _ in 0..<count {
                _ = try fields.number(indexSize)
                let (offset, overflows) = base.addingReportingOverflow(try fields.number(offsetSize))
                let length = try fields.number(lengthSize)
                guard !overflows else { throw fields.damage }
                item.extents.append((offset, length))
            }
            // Data in other items is of no use here, so its item has none.
            items[id, default: Item()].extents = method < 2 ? item.extents : []
            items[id, default: Item()].isInItemData = item.isInItemData
        }
    }

    private mutating func readReferences(_ fields: MediaBoxFields) throws(CLIPError) {
        var fields = fields
        let size = try fields.version().version == 0 ? 2 : 4
        for box in MediaBox.all(in: fields.rest) {
            var reference = box.fields
            let from = try reference.number(size)
            var to: [Int] = []
            for _ in 0..<(try reference.number(2)) { to.append(try reference.number(size)) }
            items[from, default: Item()].references[box.type, default: []] += to
        }
    }

    private mutating func associate(_ fields: MediaBoxFields, with properties: [MediaBox]) throws(CLIPError) {
        var fields = fields
        let (version, flags) = try fields.version()
        for _ in 0..<(try fields.number(4)) {
            let id = try fields.number(version == 0 ? 2 : 4)
            for _ in 0..<(try fields.number(1)) {
                guard items[id]?.properties.count ?? 0 < Self.maxProperties else {
                    throw .damaged("HEIC", "an image has more than \(Self.maxProperties) properties")
                }
                let index = flags & 1 == 1 ? try fields.number(2) & 0x7FFF : try fields.number(1) & 0x7F
                guard index > 0 else { continue }
                guard index <= properties.count else { throw fields.damage }
                items[id, default: Item()].properties.append(properties[index - 1])
            }
        }
    }
}
