internal import CLIPArrow
internal import CLIPCore

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// A column of a table to write: its type in the database, and how values get there.
struct WrittenColumn {
    let name: String
    private let kind: Column.Kind
    private let dialect: DatabaseURL.Dialect
    /// The type of vectors; `nil` for an array or bytes.
    private let vectorType: String?

    init(_ field: Field, dialect: DatabaseURL.Dialect, vectorType: String? = nil) {
        name = field.name
        kind = field.kind
        self.dialect = dialect
        self.vectorType = vectorType
    }

    var identifier: String { SQLText.identifier(name) }

    /// The column's definition in a new table.
    var definition: String {
        let isKey = name == "id"
        return "\(identifier) \(isVector ? vectorType ?? transferType : transferType)"
            + (isKey ? " PRIMARY KEY" : "") + (kind.isNullable ? "" : " NOT NULL")
    }

    /// The column's definition in the table that rows are transferred to.
    var transferDefinition: String { "\(identifier) \(transferType)" }

    /// The column of transferred rows as the value of the new table's.
    var value: String {
        isVector && vectorType != nil ? "CAST(\(identifier) AS \(vectorType ?? ""))" : identifier
    }

    /// Whether values would be rounded in a column of a type of PostgreSQL.
    func isRounded(by type: String) -> Bool {
        [.float, .optionalFloat, .number].contains(kind) && ["smallint", "integer", "bigint"].contains(type)
    }

    /// What is transferred: kinds that the driver supports.
    var field: Field {
        switch kind {
        case .choice: Field(name: name, kind: .text)
        case .choiceLists where dialect == .sqlite: Field(name: name, kind: .text)
        case .vectors where dialect == .sqlite: Field(name: name, kind: .bytes)
        case .boolean where dialect == .sqlite: Field(name: name, kind: .integer)
        default: Field(name: name, kind: kind)
        }
    }

    /// Values in the form in which they are transferred.
    func transferred(_ column: Column) -> Column {
        switch column {
        case .choice(let positions, let texts): return .text(positions.map { texts[Int($0)] })
        case .choiceLists(let positions, let lengths, let texts) where dialect == .sqlite:
            let texts = texts.map(Self.json)
            var rest = positions[...]
            return .text(
                lengths.map { length in
                    defer { rest = rest.dropFirst(length) }
                    return "[\(rest.prefix(length).map { texts[Int($0)] }.joined(separator: ","))]"
                }
            )
        case .vectors(let values, let dimension, _) where dialect == .sqlite:
            let bytes = values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init) }
            return .bytes(bytes, rowBytes: dimension * MemoryLayout<Float>.size)
        case .booleans(let values) where dialect == .sqlite:
            return .integers(values.map { $0.map { $0 ? 1 : 0 } })
        default: return column
        }
    }

    private var isVector: Bool {
        if case .vectors = kind { true } else { false }
    }

    private var transferType: String { transferType(kind) }

    private func transferType(_ kind: Column.Kind) -> String {
        let isSQLite = dialect == .sqlite
        switch kind {
        case .text, .optionalText, .choice: return "TEXT"
        case .choiceLists: return isSQLite ? "TEXT" : "TEXT[]"
        case .integer: return isSQLite ? "INTEGER" : "BIGINT"
        case .number: return isSQLite ? "REAL" : "DOUBLE PRECISION"
        case .boolean: return isSQLite ? "INTEGER" : "BOOLEAN"
        case .float, .optionalFloat, .half: return "REAL"
        case .optional(let kind): return transferType(kind)
        case .vectors: return isSQLite ? "BLOB" : "REAL[]"
        case .bytes: return isSQLite ? "BLOB" : "BYTEA"
        }
    }

    private static func json(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        guard let json = try? encoder.encode(text) else { preconditionFailure("a text has a form in JSON") }
        return String(decoding: json, as: UTF8.self)
    }
}
