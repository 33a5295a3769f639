internal import CCurl

extension TransferRequest {
    /// The part to request, in the form of the `Range` header; empty for the whole file.
    var range: String { part.map { "\($0.lowerBound)-\($0.upperBound - 1)" } ?? "" }

    /// Why a partial response does not bring the requested part; `nil` if it does.
    func partFault(_ head: ccurl_guard) -> String? {
        guard let part, !part.isEmpty else { return nil }
        let end = head.file_bytes < 0 ? part.upperBound : min(part.upperBound, Int(head.file_bytes))
        guard head.first_byte != part.lowerBound || head.last_byte != end - 1 else { return nil }
        let size = head.file_bytes < 0 ? "" : " of \(head.file_bytes)"
        let answer =
            head.first_byte < 0
            ? "sent a part without a valid Content-Range"
            : "sent the bytes \(head.first_byte)-\(head.last_byte)\(size)"
        return "the server was asked for the bytes \(range) and \(answer). Download it and pass its path"
    }
}

extension ccurl_guard {
    /// Whether the part that the response brings is all of the file.
    var hasWholeFile: Bool { first_byte == 0 && file_bytes > 0 && last_byte == file_bytes - 1 }
}
