internal import CLIPCore

extension TransferResult {
    /// Converts the failure to an error.
    ///
    /// - Parameters:
    ///   - location: The URL without confidential parts.
    ///   - maximumBytes: The limit that was exceeded, for code `limitExceeded`.
    ///   - effort: The number and duration of attempts, starting with a space; may be empty.
    /// - Returns: The error to throw.
    func error(reading location: String, maximumBytes: Int, effort: String) -> CLIPError {
        switch self {
        case .status(let status, _) where status == 404 || status == 410:
            CLIPError(.notFound, "HTTP \(status) for \(location): the file does not exist on the server.")
        case .status(let status, _) where status == 401 || status == 403:
            CLIPError(.unreadable, "HTTP \(status) for \(location): access is denied. A signed URL may have expired.")
        case .status(let status, _):
            CLIPError(.unreadable, "HTTP \(status) for \(location)\(effort).")
        case .tooLarge:
            CLIPError(.limitExceeded, "\(location) has more bytes than the limit of \(maximumBytes).")
        case .failed(let words, _):
            CLIPError(.unreadable, "Cannot read \(location)\(effort): \(words).")
        case .complete, .cancelled, .redirect, .wrongEncoding:
            preconditionFailure("not a failure")
        }
    }
}

extension Duration {
    /// In seconds with one decimal place, for example `0.3`.
    var seconds: String {
        let tenths = milliseconds / 100
        return "\(tenths / 10).\(tenths % 10)"
    }
}
