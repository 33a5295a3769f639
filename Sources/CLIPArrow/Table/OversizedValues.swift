internal import CLIPCore
internal import Synchronization

/// Counts the values of a table that are left out of the store because of their size.
final class OversizedValues: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    func add(_ column: TableColumn) {
        counts.withLock { $0[column.name, default: 0] += 1 }
    }

    func removeAll() {
        counts.withLock { $0 = [:] }
    }

    /// A sentence about them; `nil` if there are none.
    func note(_ path: String) -> String? {
        let counts = counts.withLock { $0 }.sorted { $0.key < $1.key }
        guard !counts.isEmpty else { return nil }
        let columns = counts.map { "'\($0.key)' of \($0.value) \($0.value == 1 ? "image" : "images")" }
        return "\(path): values of more than \(TableCells.maximumTextBytes) bytes were left out of the store: column "
            + "\(columns.joined(separator: ", column ")). With --keep-columns, their images fail instead."
    }
}
