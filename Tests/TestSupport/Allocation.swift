internal import CAllocations

/// An allocation of at least 4 KiB.
package struct Allocation {
    package let bytes: Int
    /// File name of the library or program that made it.
    package let caller: String

    /// Whether allocations are seen: not under a sanitizer, and not on every system.
    package static var areSeen: Bool { callocations_are_seen() }

    /// What this thread allocates while `body` runs; nothing where allocations are not seen.
    package static func recorded(_ body: () throws -> Void) throws -> [Allocation] {
        var records = [callocations_record](repeating: callocations_record(), count: 1000)
        callocations_start(4096)
        let result = Result { try body() }
        let count = callocations_stop(&records, records.count)
        try result.get()
        precondition(count <= records.count, "there are more allocations than can be recorded")
        return records.prefix(count).map { record in
            let caller = withUnsafeBytes(of: record.caller) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            return Allocation(bytes: Int(record.size), caller: caller)
        }
    }

    /// The most memory in bytes that this thread holds, of what it takes while `body` runs; 0 where allocations are not
    /// seen.
    package static func peak(_ body: () throws -> Void) throws -> Int {
        callocations_start_peak()
        let result = Result { try body() }
        let bytes = callocations_stop_peak()
        try result.get()
        return bytes
    }
}
