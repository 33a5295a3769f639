import CZlib

/// Writes zip archives byte by byte, unusual ones too.
struct ZipBuilder {
    struct Member {
        var method = 8
        var flags = 0
        /// The bytes of the name, if they are not UTF-8.
        var name: [UInt8]?
        var extra = [UInt8]()
        /// The upper 16 bits are a Unix mode, if `system` is 3.
        var attributes = 0
        var system = 0
        /// Whether all numbers are in Zip64 fields.
        var isWide = false
        /// Whether sizes and checksum follow the contents, as a program writes that cannot go back.
        var isStreamed = false
        var claimedBytes: Int?
        var checksum: UInt32?
    }

    private(set) var bytes = [UInt8]()
    private var directory = [UInt8]()
    private var count = 0

    mutating func add(_ name: String, _ contents: [UInt8], _ member: Member = Member()) {
        let packed = member.method == 8 ? Packing.deflate(contents) : contents
        let sum = UInt32(truncatingIfNeeded: crc32_z(0, contents, contents.count))
        let size = member.claimedBytes ?? contents.count
        let name = member.name ?? Array(name.utf8)
        let flags = member.flags | (member.isStreamed ? 8 : 0)
        let offset = bytes.count
        func header(inFront: Bool) -> [UInt8] {
            let isUnknown = inFront && member.isStreamed
            let numbers = isUnknown ? [0, 0] : [size, packed.count]
            var extra = member.extra
            if member.isWide {
                let wide = (numbers + (inFront ? [] : [offset])).flatMap { number($0, 8) }
                extra += number(1, 2) + number(wide.count, 2) + wide
            }
            let absent = 0xFFFF_FFFF
            let version = inFront ? [] : number(45 | member.system << 8, 2)
            var header = inFront ? [0x50, 0x4B, 3, 4] : [0x50, 0x4B, 1, 2] as [UInt8]
            header += version + number(45, 2) + number(flags, 2) + number(member.method, 2) + number(0, 4)
            header += number(isUnknown ? 0 : Int(member.checksum ?? sum), 4)
            header += number(member.isWide ? absent : numbers[1], 4) + number(member.isWide ? absent : numbers[0], 4)
            header += number(name.count, 2) + number(extra.count, 2)
            if !inFront {
                header += number(0, 2) + number(0, 2) + number(0, 2) + number(member.attributes, 4)
                header += number(member.isWide ? absent : offset, 4)
            }
            return header + name + extra
        }
        bytes += header(inFront: true) + packed
        if member.isStreamed {
            bytes += [0x50, 0x4B, 7, 8] + number(Int(sum), 4)
            bytes += number(packed.count, member.isWide ? 8 : 4) + number(size, member.isWide ? 8 : 4)
        }
        directory += header(inFront: false)
        count += 1
    }

    /// The archive with its directory.
    var whole: [UInt8] { whole(isWide: false) }

    func whole(isWide: Bool, comment: String = "") -> [UInt8] {
        var end = [UInt8]()
        if isWide {
            end += [0x50, 0x4B, 6, 6] + number(44, 8) + number(45, 2) + number(45, 2) + number(0, 8)
            end += number(count, 8) + number(count, 8) + number(directory.count, 8) + number(bytes.count, 8)
            end += [0x50, 0x4B, 6, 7] + number(0, 4) + number(bytes.count + directory.count, 8) + number(1, 4)
        }
        end += [0x50, 0x4B, 5, 6] + number(0, 4)
        end += number(isWide ? 0xFFFF : count, 2) + number(isWide ? 0xFFFF : count, 2)
        end += number(isWide ? 0xFFFF_FFFF : directory.count, 4) + number(isWide ? 0xFFFF_FFFF : bytes.count, 4)
        return bytes + directory + end + number(comment.utf8.count, 2) + comment.utf8
    }

    private func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
