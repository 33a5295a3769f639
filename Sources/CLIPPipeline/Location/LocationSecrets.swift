package import CLIPCore

/// Keeps passwords and access keys out of ids, messages and stores.
///
/// Locations are looked at as bytes: an `@` with a combining mark behind it is another `Character`, and the same `@` for
/// who connects.
package enum LocationSecrets {
    /// Refuses a URI that holds a password or an access key; the message does not repeat it.
    ///
    /// - Throws: `CLIPError` with code `unreadable`.
    package static func requireNone(in location: String) throws(CLIPError) {
        guard let address = Address(location) else { return }
        guard !address.holdsUser else {
            let hint =
                address.scheme == "s3"
                ? "Put credentials into the environment (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY) or ~/.aws."
                : "Take the user and the password out of it."
            throw CLIPError(
                .unreadable,
                "A \(address.scheme):// address holds credentials, and addresses are stored. " + hint
            )
        }
        guard address.scheme == "s3", let mark = address.rest.firstIndex(of: UInt8(ascii: "?")) else { return }
        let query = PercentEncoding.decoded(address.rest[mark...]).map(\.asciiLowercased)
        let secrets = [
            "access_key=", "secret_key=", "session_token=", "access_key_id=", "secret_access_key=", "x-amz-",
        ]
        guard !secrets.contains(where: { query.firstRange(of: Array($0.utf8)) != nil }) else {
            let place = String(decoding: address.rest[..<mark], as: UTF8.self)
            throw CLIPError(
                .unreadable,
                "s3://\(place) is followed by credentials, and addresses are stored. "
                    + "Put them into the environment (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY) or ~/.aws."
            )
        }
    }

    /// A location as it may be shown and stored: a signed URL loses its query.
    package static func publicText(of location: String) -> String {
        guard let address = Address(location), address.scheme != "s3", address.scheme != "file",
            let mark = address.rest.firstIndex(where: { "?#".utf8.contains($0) }),
            SignedQuery.isSigned(address.rest[mark...].dropFirst())
        else { return location }
        let secretLength = address.rest.distance(from: mark, to: address.rest.endIndex)
        return String(decoding: location.utf8.dropLast(secretLength), as: UTF8.self)
    }

    /// A location without what may be a signature, to tell it from others.
    package static func withoutQuery(_ location: String) -> String {
        String(decoding: publicText(of: location).utf8.prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
    }
}

/// The scheme of a URI and what comes after it, as generously as people write URIs: with spaces before them, and with more
/// or fewer slashes than two where no path is called like that.
private struct Address {
    let scheme: String
    let rest: ArraySlice<UInt8>

    init?(_ location: String) {
        let bytes = Array(location.utf8)
        let start = bytes.drop { $0 <= UInt8(ascii: " ") }
        guard let colon = start.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let scheme = String(decoding: start[..<colon].map(\.asciiLowercased), as: UTF8.self)
        let rest = start[colon...].dropFirst()
        guard scheme != "file" else {
            guard rest.starts(with: "//".utf8) else { return nil }
            self.init(scheme: scheme, rest: rest.dropFirst(2))
            return
        }
        let isURI = ImageLocations.scheme(of: scheme + "://") != nil && rest.starts(with: "//".utf8)
        guard isURI || ["http", "https", "s3"].contains(scheme) else { return nil }
        self.init(scheme: scheme, rest: rest.drop { "/\\".utf8.contains($0) })
    }

    private init(scheme: String, rest: ArraySlice<UInt8>) {
        self.scheme = scheme
        self.rest = rest
    }

    var holdsUser: Bool {
        let authority = PercentEncoding.decoded(rest.prefix { !"/?#".utf8.contains($0) })
        if authority.contains(UInt8(ascii: "@")) { return true }
        // A secret key may itself hold slashes, so an `@` further on counts where a user and a password come first.
        let decoded = PercentEncoding.decoded(rest)
        if Self.hasOddPort(authority[...]), decoded.contains(UInt8(ascii: "@")) { return true }
        guard scheme != "s3", scheme != "file" else { return false }
        return Self.holdsAddressWithUser(decoded[...])
    }

    /// Whether an address in the text, as web archives and image proxies take them, has a user.
    private static func holdsAddressWithUser(_ text: ArraySlice<UInt8>) -> Bool {
        var text = text
        while let found = text.firstRange(of: Array("://".utf8)) {
            text = text[found.upperBound...]
            if text.prefix(while: { !"/?#&;,\"' ".utf8.contains($0) }).contains(UInt8(ascii: "@")) { return true }
        }
        return false
    }

    /// Whether there is a colon, and behind it no number as a port is.
    private static func hasOddPort(_ authority: ArraySlice<UInt8>) -> Bool {
        let host = authority.first == UInt8(ascii: "[") ? authority.drop { $0 != UInt8(ascii: "]") } : authority
        guard let colon = host.lastIndex(of: UInt8(ascii: ":")) else { return false }
        return !host[colon...].dropFirst().allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }
}
