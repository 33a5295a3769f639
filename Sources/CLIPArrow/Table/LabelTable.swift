public import CLIPCore

extension Labels {
    /// Reads a CSV, TSV or Parquet file of labels.
    ///
    /// With the columns `id`, `category` and `label` each row is a judgement: `label` is 1 or 0, `true` or `false`, `yes`
    /// or `no`; what is not listed is unknown. With the columns `id` and `category` alone each image is labelled in full: it
    /// belongs to the categories named for it and to no other; a row without a category says that it belongs to none.
    /// Letters of the columns' names may be large or small.
    ///
    /// - Parameter path: The file: Parquet where its content or name says so, CSV with a header otherwise.
    /// - Throws: `CLIPError` with code `notFound` when there is no such file or a column is missing, `unreadable`,
    ///   `corruptData`, `unsupportedFormat` when columns do not fit, or `invalidLabels` when a row is no judgement or
    ///   contradicts another one. Rows are counted from the first after the header.
    public init(contentsOf path: String) throws {
        let table = try LabelTable(path)
        self.init(name: path, form: table.label == nil ? .complete : .partial)
        try table.forEachRow { try add($0, row: $1) }
        guard !ids.isEmpty else {
            throw CLIPError(.invalidLabels, "\(path): there are no labels, only a header. Label some images.")
        }
    }
}

/// A table of labels.
private struct LabelTable {
    private let file: TableFile
    private let id: TableColumn
    private let category: TableColumn
    /// `nil` when each image is labelled in full.
    let label: TableColumn?

    init(_ path: String) throws {
        let file = try TableFile(path: path, delimiter: nil)
        let choice = TableChoice(file: file)
        func column(_ name: String, holding content: String, _ fits: (TableColumn) -> Bool) throws -> TableColumn? {
            guard let column = try choice.column(nil, amongNames: [name], where: { _ in true }) else { return nil }
            guard fits(column) else {
                throw choice.failure("the column '\(column.name)' holds \(column.content), not \(content)")
            }
            return column
        }
        func requiredColumn(_ name: String, holding content: String) throws -> TableColumn {
            try column(name, holding: content, \.canBeID) ?? choice.column(named: name)
        }
        id = try requiredColumn("id", holding: "ids of images")
        category = try requiredColumn("category", holding: "names of categories")
        label = try column("label", holding: "labels") { if case .values = $0.kind { true } else { false } }
        self.file = file
        if label == nil, file.columns.count > 2 {
            throw choice.failure(
                "there is no column 'label', and more than the columns 'id' and 'category'. Name the column with the labels "
                    + "'label', or, if each image is labelled in full, leave only those two"
            )
        }
    }

    /// Calls `body` with each row's judgement and its number.
    func forEachRow(_ body: (Labels.Judgement, Int) throws -> Void) throws {
        let columns = [id, category] + [label].compactMap(\.self)
        let stream = try file.stream(columns: columns.map(\.name), rows: 4096)
        var number = 0
        while let batch = try stream.next() {
            let cells = columns.enumerated().map { TableCells(batch, column: $0.offset, kind: $0.element.kind) }
            try withExtendedLifetime(batch) {
                for row in 0..<batch.count {
                    number += 1
                    try body(judgement(cells.map { $0[row] }, row: number), number)
                }
            }
        }
    }

    private func judgement(_ values: [ColumnValue], row: Int) throws -> Labels.Judgement {
        guard let id = values[0].idText else { throw noValue(row, id) }
        guard let category = values[1].idText else {
            if label == nil { return Labels.Judgement(idOfNone: id) }
            throw noValue(row, category)
        }
        guard let label else { return Labels.Judgement(id: id, category: category, isMember: true) }
        guard values[2] != .missing, values[2] != .text("") else { throw noValue(row, label) }
        guard let isMember = values[2].truth else {
            throw CLIPError(
                .invalidLabels,
                "\(file.path): row \(row) has \(values[2].written) in the column '\(label.name)'. Write 1 or 0, true or false, "
                    + "yes or no."
            )
        }
        return Labels.Judgement(id: id, category: category, isMember: isMember)
    }

    private func noValue(_ row: Int, _ column: TableColumn) -> CLIPError {
        CLIPError(.invalidLabels, "\(file.path): row \(row) has no value in the column '\(column.name)'.")
    }
}

extension ColumnValue {
    /// The value as a label; `nil` where it is none.
    fileprivate var truth: Bool? {
        switch self {
        case .boolean(let value): value
        case .integer(0), .number(0): false
        case .integer(1), .number(1): true
        case .text(let text):
            switch text.lowercased() {
            case "1", "1.0", "true", "yes": true
            case "0", "0.0", "false", "no": false
            default: nil
            }
        case .integer, .number, .missing: nil
        }
    }

    /// The value as a person wrote it.
    fileprivate var written: String {
        switch self {
        case .text(let text): "'\(text)'"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .boolean(let value): "\(value)"
        case .missing: "nothing"
        }
    }
}
