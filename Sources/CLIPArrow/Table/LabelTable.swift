internal import CLIPCore
public import CLIPEvaluation

extension ImageLabels {
    /// Reads a CSV, TSV or Parquet file of labels.
    ///
    /// With the columns `id`, `category` and `label`, each row is a label: 1 or 0, `true` or `false`, `yes` or `no`.
    /// Missing labels are unknown. With the columns `id` and `category` alone, each image is fully labelled: it belongs
    /// to the categories given for it and to no others; a row without a category says that it belongs to none. Column
    /// names are case-insensitive.
    ///
    /// Labels of a drawn sample have two more columns: `probability`, above 0 and at most 1, with which the image was
    /// drawn for the category, and `round`, from 1. In such a file the label `unsure` says that somebody could not tell,
    /// and an empty label that nobody has looked yet.
    ///
    /// - Parameter path: The file: Parquet if its content or name says so, otherwise CSV with a header.
    /// - Throws: `CLIPError` with code `notFound` if the file or a column does not exist, `unreadable`, `corruptData`,
    ///   `unsupportedFormat` if a column has the wrong type, or `invalidLabels` if a row has no valid label or
    ///   probability, or contradicts another one. Rows are counted from 1, without the header.
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
    /// `nil` if each image is fully labelled.
    let label: TableColumn?
    /// `nil` if the images were not drawn with known probabilities.
    private let probability: TableColumn?
    private let round: TableColumn?

    init(_ path: String) throws {
        let file = try TableFile(path: path)
        let choice = TableChoice(file: file)
        try Self.requireLabels(choice)
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
        func holdsValues(_ column: TableColumn) -> Bool { column.carriedKind != nil && !column.holdsLists }
        label = try column("label", holding: "labels", holdsValues)
        probability = try label.flatMap { _ in try column("probability", holding: "probabilities", holdsValues) }
        round = try probability.flatMap { _ in try column("round", holding: "whole numbers", holdsValues) }
        self.file = file
        if label == nil, file.columns.count > 2 {
            throw choice.failure("there is no column 'label'").advising(
                "Rename the column that holds 1 or 0 to 'label', or, if each image is fully labelled, keep only 'id' and "
                    + "'category'."
            )
        }
    }

    /// Refuses tables that are not labels: results, and tables without a header.
    private static func requireLabels(_ choice: TableChoice) throws {
        let names = choice.file.columns.map { $0.name.lowercased().filter { $0 != " " } }
        let isResults = names.contains("categories") || names.contains { $0.hasPrefix("score_") }
        guard !isResults || names.contains("category") else {
            throw CLIPError(
                .unsupportedFormat,
                "\(choice.file.path): these are results, not labels. Label images in the report, and pass the file that it "
                    + "saves."
            )
        }
        guard 2...3 ~= names.count, Set(names).isDisjoint(with: ["id", "category", "label"]) else { return }
        throw choice.failure("no column is named id, category or label")
            .advising("If the first line is a label already, add the line id,category,label on top.")
    }

    /// Calls `body` with the label and number of each row.
    func forEachRow(_ body: (ImageLabels.Judgement, Int) throws -> Void) throws {
        let columns = [id, category] + [label, probability, round].compactMap(\.self)
        let rows = try file.rows(columns: columns, rows: 4096)
        var number = 0
        while let batch = try rows.next() {
            try withExtendedLifetime(batch) {
                for row in 0..<batch.count {
                    number += 1
                    if let reason = batch.fault(row) { throw unreadable(number, reason) }
                    do {
                        try body(judgement(batch.cells, row, number: number), number)
                    } catch let fault as CellFault {
                        throw unreadable(number, fault.reason)
                    }
                }
            }
        }
    }

    private func judgement(_ cells: [TableCells], _ row: Int, number: Int) throws -> ImageLabels.Judgement {
        guard let id = try cells[0].text(row) else { throw noValue(number, id) }
        guard let category = try cells[1].text(row) else {
            if label == nil { return ImageLabels.Judgement(idOfNone: id) }
            throw noValue(number, category)
        }
        guard let label else { return ImageLabels.Judgement(id: id, category: category, isMember: true) }
        let probability = try probability.flatMap {
            try boundedNumber($0, cells[3], row, number, "a number from 1e-12 to 1") {
                ImageLabels.Judgement.probabilities.contains($0)
            }
        }
        let round = try round.flatMap {
            try boundedNumber($0, cells[4], row, number, "1, 2, 3 and so on") {
                $0 >= 1 && $0 < 1e9 && $0 == $0.rounded()
            }
        }
        let value = try cells[2].value(row)
        guard !value.isEmpty || probability != nil else { throw noValue(number, label) }
        guard let answer = value.answer else {
            throw CLIPError(
                .invalidLabels,
                "\(file.path): row \(number) has \(value.written) in the column '\(label.name)'. Write 1 or 0, true or "
                    + "false, yes or no, or unsure."
            )
        }
        return ImageLabels.Judgement(
            id: id,
            category: category,
            answer: answer,
            probability: probability,
            round: round.map(Int.init)
        )
    }

    /// A number within bounds; `nil` if there is none.
    private func boundedNumber(
        _ column: TableColumn,
        _ cells: TableCells,
        _ row: Int,
        _ number: Int,
        _ wanted: String,
        _ isValid: (Double) -> Bool
    ) throws -> Double? {
        let value = try cells.value(row)
        guard !value.isEmpty else { return nil }
        guard let found = value.number, isValid(found) else {
            throw CLIPError(
                .invalidLabels,
                "\(file.path): row \(number) has \(value.written) in the column '\(column.name)'. It must be \(wanted)."
            )
        }
        return found
    }

    private func noValue(_ number: Int, _ column: TableColumn) -> CLIPError {
        CLIPError(.invalidLabels, "\(file.path): row \(number) has no value in the column '\(column.name)'.")
    }

    /// An error, because skipping the row would silently lose a label.
    private func unreadable(_ number: Int, _ reason: String) -> CLIPError {
        CLIPError(.corruptData, "\(file.path): row \(number) \(reason). Correct it, or remove it.")
    }
}
