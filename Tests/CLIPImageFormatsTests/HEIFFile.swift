/// Writes HEIF files.
enum HEIFFile {
    /// A box of an ISO base media file.
    static func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
        number(8 + content.count, 4) + Array(type.utf8) + content
    }

    /// A big-endian number.
    static func number(_ value: Int, _ bytes: Int) -> [UInt8] {
        (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// A box with the size of an image.
    static func size(_ width: Int, _ height: Int) -> [UInt8] {
        box("ispe", [0, 0, 0, 0] + number(width, 4) + number(height, 4))
    }

    /// The item data of an image that is composed of tiles.
    static func grid(rows: Int, columns: Int, width: Int, height: Int) -> [UInt8] {
        [0, 1, UInt8(rows - 1), UInt8(columns - 1)] + number(width, 4) + number(height, 4)
    }

    /// Properties that ``file(types:derivations:opacity:data:properties:ofItems:)`` has unless others are given: a size,
    /// a configuration, a rotation, a large size, and a crop to the first size.
    static let properties = [
        size(64, 64), box("hvcC", [UInt8](repeating: 0, count: 23)), box("irot", [0]), size(8192, 8192),
        box("clap", [64, 1, 64, 1, 0, 1, 0, 1].flatMap { number($0, 4) }),
    ]

    /// A file with items of the given types, numbered from 1, of which the first is the image.
    ///
    /// - Parameters:
    ///   - types: The coding of each item.
    ///   - derivations: The items of which others are made.
    ///   - opacity: The item with the opacity of the first.
    ///   - data: The data of items, each in any number of parts.
    ///   - properties: Boxes, numbered from 1.
    ///   - numbers: Those of each item; of items without own ones, those of the last.
    /// - Returns: The file.
    static func file(
        types: [String],
        derivations: [Int: [Int]],
        opacity: Int? = nil,
        data: [Int: [[UInt8]]] = [:],
        properties: [[UInt8]] = properties,
        ofItems numbers: [[UInt8]] = [[1, 2]]
    ) -> [UInt8] {
        let entries = types.enumerated().map { index, type in
            box("infe", [2, 0, 0, 0] + number(index + 1, 2) + [0, 0] + Array(type.utf8) + [0])
        }
        var references = derivations.sorted { $0.key < $1.key }.map { from, to in
            box("dimg", number(from, 2) + number(to.count, 2) + to.flatMap { number($0, 2) })
        }
        var boxes = properties
        if let opacity {
            references.append(box("auxl", number(opacity, 2) + number(1, 2) + number(1, 2)))
            boxes.append(box("auxC", [0, 0, 0, 0] + Array("urn:mpeg:hevc:2015:auxid:1\0".utf8)))
        }
        let associations = types.indices.flatMap { item in
            let own = numbers[min(item, numbers.count - 1)] + (item + 1 == opacity ? [UInt8(boxes.count)] : [])
            return stride(from: 0, to: own.count, by: 255).map { start in
                let part = own[start...].prefix(255)
                return number(item + 1, 2) + [UInt8(part.count)] + part
            }
        }
        let associated = [0, 0, 0, 0] + number(associations.count, 4) + Array(associations.joined())
        let items = box("iinf", [0, 0, 0, 0] + number(types.count, 2) + Array(entries.joined()))
        let links = box("iref", [0, 0, 0, 0] + Array(references.joined()))
        let described = box("iprp", box("ipco", Array(boxes.joined())) + box("ipma", associated))
        let start = box("pitm", [0, 0, 0, 0, 0, 1]) + items + links + described
        let parts = data.sorted { $0.key < $1.key }
        func head(_ offset: Int) -> [UInt8] {
            let meta = box("meta", [0, 0, 0, 0] + start + locations(of: parts, from: offset))
            return box("ftyp", Array("heic\0\0\0\0mif1heic".utf8)) + meta
        }
        return head(head(0).count) + parts.flatMap { $0.value.joined() }
    }

    /// The box that says where the data of items is: one after the other.
    private static func locations(of items: [(key: Int, value: [[UInt8]])], from start: Int) -> [UInt8] {
        var offset = start
        let entries = items.map { id, parts in
            let extents = parts.map { part in
                defer { offset += part.count }
                return number(offset, 4) + number(part.count, 4)
            }
            return number(id, 2) + [0, 0] + number(parts.count, 2) + Array(extents.joined())
        }
        return box("iloc", [0, 0, 0, 0, 0x44, 0] + number(items.count, 2) + Array(entries.joined()))
    }
}
