internal import CLIPCore

/// A matrix of 16-bit or 32-bit floats in a `.npy` file, read row by row.
struct NumPyMatrix: Sendable {
    let path: String
    let count: Int
    let dimension: Int
    private let isHalf: Bool
    private let start: Int
    private let file: OpenFile

    private static let fixedBytes = 12
    private static let longestHeader = 65_536

    /// Opens a file.
    ///
    /// - Throws: `CLIPError` with code `notFound`, `unreadable`, `corruptData` or `unsupportedFormat`.
    init(path: String) throws {
        let file = try OpenFile(bytesOfPath: Array(path.utf8))
        let text: String
        (text, start) = try Self.header(of: file)
        guard let descr = Self.value("descr", in: text), let order = Self.value("fortran_order", in: text),
            let shape = Self.value("shape", in: text)
        else { throw CLIPError(.corruptData, "\(path) is damaged: its NumPy header is \(text).") }
        let type = descr.filter { $0 != "'" && $0 != "\"" }
        let sizes = shape.split(separator: ",").compactMap { Int($0) }
        guard type == "<f2" || type == "<f4", order == "False", sizes.count == 2, sizes[0] >= 0, sizes[1] > 0 else {
            throw CLIPError(
                .unsupportedFormat,
                "\(path) holds '\(type)' of shape (\(shape)), Fortran order \(order). Embeddings are a matrix of '<f2' "
                    + "or '<f4' in C order, one row per image."
            )
        }
        isHalf = type == "<f2"
        (count, dimension) = (sizes[0], sizes[1])
        self.path = path
        self.file = file
        let row = sizes[1].multipliedReportingOverflow(by: isHalf ? 2 : 4)
        let expected = sizes[0].multipliedReportingOverflow(by: row.partialValue)
        guard !row.overflow, !expected.overflow, file.byteCount - start == expected.partialValue else {
            throw CLIPError(
                .corruptData,
                "\(path) is damaged: it has \(file.byteCount - start) bytes of values, which is not the size of "
                    + "\(count) rows of \(dimension) '\(type)'."
            )
        }
    }

    /// Reads consecutive rows.
    ///
    /// - Throws: `CLIPError` with code `unreadable`, or `corruptData` if the file has become shorter.
    func rows(_ rows: Range<Int>) throws -> EmbeddingMatrix {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "there are no such rows")
        return try EmbeddingMatrix(count: rows.count, dimension: dimension) { values in
            let first = rows.lowerBound * dimension
            if isHalf {
                var halves = [UInt16](repeating: 0, count: values.count)
                try halves.withUnsafeMutableBytes { try read(into: $0, at: first * 2) }
                for index in values.indices { values[index] = HalfFloat.value(UInt16(littleEndian: halves[index])) }
            } else {
                try read(into: UnsafeMutableRawBufferPointer(values), at: first * 4)
            }
        }
    }

    private func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        guard try file.read(at: start + offset, into: buffer) == buffer.count else {
            throw CLIPError(.corruptData, "\(path) became shorter while it was read.")
        }
    }

    /// The text of the header, and the offset of the values.
    private static func header(of file: OpenFile) throws -> (text: String, end: Int) {
        let fixed = try bytes(of: file, 0..<fixedBytes)
        guard fixed.count == fixedBytes, fixed[..<6] == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], 1...3 ~= fixed[6] else {
            throw CLIPError(.unsupportedFormat, "\(file.name) is not a NumPy file of version 1.0, 2.0 or 3.0.")
        }
        let lengthBytes = fixed[6] == 1 ? 2 : 4
        let length = fixed[8..<8 + lengthBytes].reversed().reduce(0) { $0 << 8 | Int($1) }
        let start = 8 + lengthBytes
        guard length <= longestHeader, start + length <= file.byteCount else {
            throw CLIPError(.corruptData, "\(file.name) is damaged: its NumPy header would have \(length) bytes.")
        }
        return (String(decoding: try bytes(of: file, start..<start + length), as: UTF8.self), start + length)
    }

    private static func bytes(of file: OpenFile, _ range: Range<Int>) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        let count = try bytes.withUnsafeMutableBytes { try file.read(at: range.lowerBound, into: $0) }
        return Array(bytes[..<count])
    }

    /// The value of a key of the header, which is a Python dictionary, without spaces; for a tuple, the text between
    /// its parentheses.
    private static func value(_ key: String, in header: String) -> String? {
        let dense = header.filter { !$0.isWhitespace }.replacing("\"", with: "'")
        guard let start = dense.firstRange(of: "'\(key)':")?.upperBound else { return nil }
        let rest = dense[start...]
        guard rest.first == "(" else { return String(rest.prefix { $0 != "," && $0 != "}" }) }
        return String(rest.dropFirst().prefix { $0 != ")" })
    }
}
