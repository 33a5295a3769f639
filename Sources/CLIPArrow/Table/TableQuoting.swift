internal import CParquet

/// What a quote, `"`, means in a CSV file.
public enum TableQuoting: String, Sendable, Hashable, CaseIterable {
    /// At the start of a value it begins what goes up to the next quote that is not doubled, delimiters and newlines among
    /// it (RFC 4180); elsewhere it is text.
    case standard
    /// Around a whole value it is left out, and quotes in the value are doubled; everywhere else it is text. Delimiters
    /// and newlines have no other meaning between quotes.
    case wholeValues = "whole-values"
    /// It is text.
    case none

    /// What programs that write such tables mean: values separated by tabs are rarely quoted, and texts that begin with a
    /// quote are frequent in them.
    init(delimiter: UInt8) {
        self = delimiter == UInt8(ascii: "\t") ? .wholeValues : .standard
    }

    var code: pqc_quoting {
        switch self {
        case .standard: PQC_QUOTING_STANDARD
        case .wholeValues: PQC_QUOTING_WHOLE_VALUES
        case .none: PQC_QUOTING_NONE
        }
    }
}
