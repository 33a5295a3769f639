/// The passwords in the URL of a database.
package struct DatabaseSecrets: Sendable {
    /// As written, in order.
    package let passwords: [String]
    /// The URL without them.
    package let publicText: String
    /// Whether characters that a URL gives a meaning are unencoded in the user name or a password, so that others may
    /// find the password's end elsewhere.
    package let isAmbiguous: Bool

    private typealias Text = Substring.UnicodeScalarView

    private static let parameters = ["password", "passwd", "pwd", "token", "secret", "private_key"]

    /// Finds the passwords in the user information and the parameters.
    package init(_ url: String) {
        let scalars = url.unicodeScalars
        guard let start = url.firstRange(of: "://")?.upperBound else {
            (passwords, publicText, isAmbiguous) = ([], url, false)
            return
        }
        var secrets = [(hidden: Text, replacement: String)]()
        var user = scalars[start..<start]
        // PostgreSQL's passwords that should be encoded may contain any character, so the last `@` counts.
        let isPostgreSQL = ["postgresql", "postgres"].contains(url[..<start].dropLast(3).lowercased())
        let place = isPostgreSQL ? scalars[start...] : scalars[start...].prefix { $0 != "?" && $0 != "#" }
        if let at = place.lastIndex(of: "@"), let colon = place[..<at].firstIndex(of: ":") {
            user = place[..<at]
            if scalars.index(after: colon) < at { secrets.append((place[colon..<at], "")) }
        }
        let rest = scalars[user.endIndex...]
        for name in rest.drop(while: { $0 != "?" && $0 != "#" }).split(whereSeparator: {
            "?&#".unicodeScalars.contains($0)
        }) {
            guard let equals = name.firstIndex(of: "="), Self.isSecret(name[..<equals]) else { continue }
            let value = scalars[scalars.index(after: equals)...].prefix { $0 != "&" }
            if !value.isEmpty, value.startIndex >= secrets.last?.hidden.endIndex ?? start {
                secrets.append((value, "***"))
            }
        }
        passwords = secrets.map { String($0.replacement.isEmpty ? $0.hidden.dropFirst() : $0.hidden) }
        let values = secrets.filter { !$0.replacement.isEmpty }.map(\.hidden)
        isAmbiguous =
            !secrets.isEmpty && ([user] + values).contains { $0.contains { "/@?#".unicodeScalars.contains($0) } }
        var end = scalars.startIndex
        var text = String.UnicodeScalarView()
        for secret in secrets {
            text += scalars[end..<secret.hidden.startIndex]
            text += secret.replacement.unicodeScalars
            end = secret.hidden.endIndex
        }
        publicText = String(text + scalars[end...])
    }

    private static func isSecret(_ name: Text) -> Bool {
        let name = String(decoding: PercentEncoding.decoded(String(name).utf8), as: UTF8.self).lowercased()
        return parameters.contains(where: name.hasSuffix)
    }
}
