internal import CParquet

/// The meaning of a quote, `"`, in a CSV file.
public enum TableQuoting: String, Sendable, Hashable, CaseIterable {
    /// At the start of a value, a quote begins a text that ends at the next undoubled quote and may contain delimiters
    /// and newlines (RFC 4180).
    ///
    /// Elsewhere it is literal.
    case standard
    /// Quotes around a whole value are removed, and doubled quotes within it stand for one.
    ///
    /// Elsewhere quotes are literal. Delimiters and newlines are never quoted.
    case wholeValues = "whole-values"
    /// Quotes are always literal.
    case none

    /// The usual meaning for a delimiter: tab-separated values are rarely quoted, and their texts often begin with a
    /// quote.
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
