internal import CAllocations

/// An allocation of at least 4 KiB.
package struct Allocation {
    package let bytes: Int
    /// File name of the library or program that made it.
    package let caller: String

    /// Whether allocations are seen: not under a sanitizer, and not on every system.
    package static var areSeen: Bool { callocations_are_seen() }

    /// What this thread allocates while `body` runs, at most 4096 allocations; nothing where allocations are not seen.
    package static func recorded(_ body: () throws -> Void) rethrows -> [Allocation] {
        var records = [callocations_record](repeating: callocations_record(), count: 4096)
        callocations_start(4096)
        var count = 0
        do {
            defer { count = callocations_stop(&records, records.count) }
            try body()
        }
        precondition(count <= records.count, "more allocations than expected")
        return records.prefix(count).map { record in
            let caller = withUnsafeBytes(of: record.caller) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            return Allocation(bytes: Int(record.size), caller: caller)
        }
    }

    /// The most memory in bytes that this thread holds, of what it takes while `body` runs; 0 where allocations are not
    /// seen.
    package static func peak(_ body: () throws -> Void) rethrows -> Int {
        callocations_start_peak()
        var bytes = 0
        do {
            defer { bytes = callocations_stop_peak() }
            try body()
        }
        return bytes
    }
}
