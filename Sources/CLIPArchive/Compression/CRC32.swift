internal import CZlib

/// The checksum of zip archives.
struct CRC32 {
    private(set) var value: UInt32 = 0

    mutating func add(_ bytes: ArraySlice<UInt8>) {
        value = bytes.withUnsafeBufferPointer { bytes in
            UInt32(truncatingIfNeeded: crc32_z(uLong(value), bytes.baseAddress, bytes.count))
        }
    }

    static func checksum(of bytes: [UInt8]) -> UInt32 {
        var checksum = CRC32()
        checksum.add(bytes[...])
        return checksum.value
    }
}
