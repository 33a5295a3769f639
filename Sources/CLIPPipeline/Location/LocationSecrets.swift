package import CLIPCore

/// Keeps passwords and access keys out of ids, messages and stores.
///
/// Works on bytes: an `@` followed by a combining mark is a different `Character`, but still an `@` to the server.
package enum LocationSecrets {
    /// Throws if a URI contains a password or an access key.
    ///
    /// The message does not repeat it.
    ///
    /// - Throws: `CLIPError` with code `unreadable`.
    package static func requireNone(in location: String) throws(CLIPError) {
        guard let address = Address(location) else { return }
        guard !address.holdsUser else {
            let hint =
                address.scheme == "s3"
                ? "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or use ~/.aws."
                : "Remove the user name and password."
            throw CLIPError(
                .unreadable,
                "A \(address.scheme):// URI contains credentials, and URIs are stored. " + hint
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
                "s3://\(place) is followed by credentials, and URIs are stored. "
                    + "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or use ~/.aws."
            )
        }
    }

    /// The path or URI as it may be shown and stored: a signed URL loses its query.
    package static func publicText(of location: String) -> String {
        guard let address = Address(location), address.scheme != "s3", address.scheme != "file",
            let mark = address.rest.firstIndex(where: { "?#".utf8.contains($0) }),
            SignedQuery.isSigned(address.rest[mark...].dropFirst())
        else { return location }
        let secretLength = address.rest.distance(from: mark, to: address.rest.endIndex)
        return String(decoding: location.utf8.dropLast(secretLength), as: UTF8.self)
    }

    /// The path or URI without its query, which may be a signature; used to detect a different location.
    package static func withoutQuery(_ location: String) -> String {
        String(decoding: publicText(of: location).utf8.prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
    }
}

/// A URI split into its scheme and the rest.
///
/// Tolerates common misspellings: leading spaces, and more or fewer than two slashes where that cannot be a path.
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
        // A secret key may itself contain slashes, so a later `@` counts if a user and a password come first.
        let decoded = PercentEncoding.decoded(rest)
        if Self.hasOddPort(authority[...]), decoded.contains(UInt8(ascii: "@")) { return true }
        guard scheme != "s3", scheme != "file" else { return false }
        return Self.holdsAddressWithUser(decoded[...])
    }

    /// Whether the text contains a nested URI with a user, as used by web archives and image proxies.
    private static func holdsAddressWithUser(_ text: ArraySlice<UInt8>) -> Bool {
        var text = text
        while let found = text.firstRange(of: Array("://".utf8)) {
            text = text[found.upperBound...]
            if text.prefix(while: { !"/?#&;,\"' ".utf8.contains($0) }).contains(UInt8(ascii: "@")) { return true }
        }
        return false
    }

    /// Whether there is a colon that is not followed by a port number.
    private static func hasOddPort(_ authority: ArraySlice<UInt8>) -> Bool {
        let host = authority.first == UInt8(ascii: "[") ? authority.drop { $0 != UInt8(ascii: "]") } : authority
        guard let colon = host.lastIndex(of: UInt8(ascii: ":")) else { return false }
        return !host[colon...].dropFirst().allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }
}
