/// Keeps passwords and access keys out of ids, messages and stores.
package enum LocationSecrets {
    /// Refuses a URI that holds a password or an access key; the message does not repeat it.
    ///
    /// - Throws: ``CLIPError`` with code `unreadable`.
    package static func requireNone(in location: String) throws {
        guard let scheme = ImageLocations.scheme(of: location) else { return }
        let rest = location.dropFirst(scheme.count + 3)
        let authority = rest.prefix { !"/?#".contains($0) }
        // A secret key may itself hold slashes, so an `@` further on counts where a user and a password come first.
        let hasUser = authority.contains("@") || authority.contains(":") && !isPort(authority) && rest.contains("@")
        guard !hasUser else {
            let hint =
                scheme == "s3"
                ? "Put credentials into the environment (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY) or ~/.aws."
                : "Take the user and the password out of it."
            throw CLIPError(.unreadable, "A \(scheme):// address holds credentials, and addresses are stored. " + hint)
        }
        guard scheme == "s3", let query = rest.firstIndex(of: "?").map({ rest[$0...].lowercased() }) else { return }
        let secrets = [
            "access_key=", "secret_key=", "session_token=", "access_key_id=", "secret_access_key=", "x-amz-",
        ]
        guard !secrets.contains(where: query.contains) else {
            let place = rest.prefix { $0 != "?" }
            throw CLIPError(
                .unreadable,
                "s3://\(place) is followed by credentials, and addresses are stored. "
                    + "Put them into the environment (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY) or ~/.aws."
            )
        }
    }

    /// A location as it may be shown and stored: a signed `http` or `https` URL loses its query.
    package static func publicText(of location: String) -> String {
        guard let scheme = ImageLocations.scheme(of: location), scheme == "http" || scheme == "https",
            let mark = location.firstIndex(of: "?")
        else { return location }
        let parameters = location[location.index(after: mark)...].split { "&;#?".contains($0) }
        let isSigned = parameters.contains { signingKeys.contains($0.prefix { $0 != "=" }.lowercased()) }
        return isSigned ? String(location[..<mark]) : location
    }

    // Query parameters of signed URLs by Amazon S3 (versions 4 and 2), CloudFront, Google Cloud Storage and Azure (SAS),
    // and of bearer tokens (RFC 6750) and keys as web services commonly call them.
    private static let signingKeys: Set<String> = [
        "x-amz-signature", "x-amz-security-token", "x-amz-credential", "awsaccesskeyid", "signature",
        "key-pair-id", "policy", "x-goog-signature", "x-goog-credential", "googleaccessid", "sig",
        "token", "access_token", "api_key", "apikey",
    ]

    private static func isPort(_ authority: Substring) -> Bool {
        guard let colon = authority.lastIndex(of: ":") else { return false }
        return authority[authority.index(after: colon)...].allSatisfy { $0.isASCII && $0.isNumber }
    }
}
