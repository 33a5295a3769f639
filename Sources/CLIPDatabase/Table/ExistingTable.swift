/// What happens to a table that already exists.
public enum ExistingTable: String, Sendable, Hashable, CaseIterable {
    /// It stays as it is, and writing fails.
    case fail
    /// It is dropped and created again, if this library wrote it.
    case replace
    /// Rows with the ids of new ones are updated, all others stay.
    ///
    /// The table needs the columns of the new rows, and a primary key or unique index on `id`; its other columns must not
    /// need a value. A table that this library wrote with another model is refused.
    case upsert
}
