internal import CLIPCore

/// The name of a file with vectors: `part-00003.parquet`, or `part-00000-00066.parquet` for a merger of several.
struct PartName: Hashable, Comparable {
    /// The number of the first part that it contains.
    let first: Int
    /// The number of the last part that it contains.
    let last: Int

    /// Fits in 32 bits and leaves room for the parts of any number of further runs.
    private static let largestNumber = 999_999_999
    private static let prefix = "part-"
    private static let suffix = ".parquet"

    init(_ number: Int) {
        self.init(first: number, last: number)
    }

    /// The name that follows those of a store's parts.
    ///
    /// - Throws: `CLIPError` with code `storage` if readers would not accept the next name.
    init(after parts: [PartName], in folder: String) throws {
        let last = parts.max { $0.last < $1.last }
        guard let last else {
            self.init(0)
            return
        }
        guard last.last < Self.largestNumber else {
            throw CLIPError(
                .storage,
                "\(folder)/\(last.fileName) has the largest possible part number, so no part can follow it. "
                    + "Rename it to a smaller free number, such as \(PartName(Self.free(parts)).fileName)."
            )
        }
        self.init(last.last + 1)
    }

    /// The number after those of all parts except the last.
    private static func free(_ parts: [PartName]) -> Int {
        let numbers = parts.map(\.last).sorted().dropLast()
        return min((numbers.last ?? -1) + 1, largestNumber)
    }

    init(first: Int, last: Int) {
        self.first = first
        self.last = last
    }

    /// Whether a file's name resembles a part's.
    static func isLike(_ fileName: String) -> Bool {
        fileName.hasPrefix(prefix) && fileName.hasSuffix(suffix)
    }

    /// Parses the name of a file in `folder`; `nil` if it is not a part.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if it resembles a part's name but is not one that a store writes.
    init?(_ fileName: String, in folder: String) throws {
        guard Self.isLike(fileName) else { return nil }
        let texts = fileName.utf8.dropFirst(Self.prefix.utf8.count).dropLast(Self.suffix.utf8.count)
            .split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard texts.count <= 2, texts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(digits.contains) }) else { return nil }
        let numbers = texts.compactMap { Int(String(Substring($0))) }
        if numbers.count == texts.count, let first = numbers.first, let last = numbers.last, first <= last,
            last <= Self.largestNumber
        {
            self.init(first: first, last: last)
            if self.fileName == fileName { return }
        }
        throw CLIPError(
            .corruptData,
            "\(folder)/\(fileName) resembles a part of the store but is not a valid part name. Rename it, or move it "
                + "out of the folder."
        )
    }

    var fileName: String {
        let numbers = first == last ? Self.padded(first) : "\(Self.padded(first))-\(Self.padded(last))"
        return Self.prefix + numbers + Self.suffix
    }

    /// Whether this part replaces another one, which is then no longer read.
    func covers(_ other: PartName) -> Bool {
        self != other && first <= other.first && other.last <= last
    }

    static func < (left: PartName, right: PartName) -> Bool {
        (left.first, left.last) < (right.first, right.last)
    }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}
