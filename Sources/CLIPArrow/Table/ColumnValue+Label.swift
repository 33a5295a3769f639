internal import CLIPCore
internal import CLIPEvaluation

/// Values as labels.
extension ColumnValue {
    var isEmpty: Bool { self == .missing || self == .text("") }

    /// The value as a label; `nil` if it is not one.
    var answer: ImageLabels.Judgement.Answer? {
        switch self {
        case .missing: .missing
        case .boolean(let value): value ? .member : .nonMember
        case .integer(0), .number(0): .nonMember
        case .integer(1), .number(1): .member
        case .text(let text):
            switch text.lowercased() {
            case "": .missing
            case "1", "1.0", "true", "yes": .member
            case "0", "0.0", "false", "no": .nonMember
            case "unsure": .unsure
            default: nil
            }
        case .integer, .number: nil
        }
    }

    /// The value as a number; `nil` if it is not one.
    var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .text(let text): Double(text)
        case .boolean, .missing: nil
        }
    }

    /// The value as written in the file.
    var written: String {
        switch self {
        case .text(let text): "'\(text)'"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .boolean(let value): "\(value)"
        case .missing: "nothing"
        }
    }
}
