/// Writes little-endian TIFF files with one directory.
enum TIFFFile {
    /// A file of the header, of eight bytes, then `data`, then a directory of `entries`.
    ///
    /// An entry has a number, a type, a number of values, and a value or its place, which is counted from the file's start.
    static func file(_ entries: [(number: Int, type: Int, count: Int, value: Int)], data: [UInt8]) -> [UInt8] {
        let directory = entries.flatMap {
            little($0.number, 2) + little($0.type, 2) + little($0.count, 4) + little($0.value, 4)
        }
        return Array("II*\0".utf8) + little(8 + data.count, 4) + data + little(entries.count, 2) + directory
            + little(0, 4)
    }

    static func little(_ value: Int, _ bytes: Int) -> [UInt8] { HEIFFile.number(value, bytes).reversed() }
}
