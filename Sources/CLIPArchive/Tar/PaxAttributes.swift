internal import CLIPCore

/// The pax attributes of a member that matter for reading images.
struct PaxAttributes {
    /// The member's path.
    var path: [UInt8]?
    /// The path that a link leads to.
    var linkPath: [UInt8]?
    /// Number of content bytes after the header.
    var byteCount: Int?
    /// Seconds since 1970, with decimals.
    var modified: String?
    /// Whether the contents are a GNU sparse file, which starts with a map.
    var isSparse = false

    /// Applies records of the form `LENGTH KEY=VALUE\n` on top of the current attributes.
    ///
    /// An empty value removes an attribute.
    ///
    /// - Returns: Whether all records are well-formed.
    mutating func apply(_ records: [UInt8]) -> Bool {
        // Some programs pad with zeros.
        var rest = records.prefix(records.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0)
        while !rest.isEmpty {
            let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard let length = Int(String(decoding: digits, as: UTF8.self)), length <= rest.count else { return false }
            let record = rest.prefix(length).dropFirst(digits.count)
            guard record.first == UInt8(ascii: " "), record.last == UInt8(ascii: "\n"), record.count > 1,
                let equals = record.firstIndex(of: UInt8(ascii: "="))
            else { return false }
            let key = String(decoding: record[..<equals].dropFirst(), as: UTF8.self)
            guard set(key, to: record[(equals + 1)...].dropLast()) else { return false }
            rest = rest.dropFirst(length)
        }
        return true
    }

    private mutating func set(_ key: String, to value: ArraySlice<UInt8>) -> Bool {
        switch key {
        case "path":
            guard !value.contains(0) else { return false }
            if !isSparse { path = value.isEmpty ? nil : Array(value) }
        case "linkpath":
            guard !value.contains(0) else { return false }
            linkPath = value.isEmpty ? nil : Array(value)
        case "size":
            guard let size = Int(String(decoding: value, as: UTF8.self)), size >= 0 else {
                byteCount = nil
                return value.isEmpty
            }
            byteCount = size
        case "mtime":
            modified = value.isEmpty ? nil : PathText.text(value)
        case "GNU.sparse.name":
            guard !value.contains(0) else { return false }
            path = Array(value)
            isSparse = true
        case _ where key.hasPrefix("GNU.sparse."):
            isSparse = true
        default: break
        }
        return true
    }
}
