/// Recognizes the queries of signed URLs, which grant access to anyone who has them.
enum SignedQuery {
    /// Levels of nested percent-encoding to decode: a URL may be a parameter of another URL.
    private static let rounds = 3

    /// Whether a query or fragment has a parameter that contains a signature, a token or a key.
    static func isSigned(_ query: some Collection<UInt8>) -> Bool {
        var query = Array(query)
        for _ in 0..<rounds {
            let parameters = query.split { "&;?#".utf8.contains($0) }.compactMap(Parameter.init)
            let expires = parameters.contains { expiryNames.contains($0.name) }
            if parameters.contains(where: { isSecret($0, expires: expires) }) { return true }
            let decoded = PercentEncoding.decoded(query)
            guard decoded != query else { return false }
            query = decoded
        }
        return false
    }

    private struct Parameter {
        /// In lower case, without `-`, `_`, `.` and spaces.
        let name: String
        let value: ArraySlice<UInt8>

        /// Splits `name=value`; `nil` if the value is missing.
        init?(_ text: ArraySlice<UInt8>) {
            guard let sign = text.firstIndex(of: UInt8(ascii: "=")), sign + 1 < text.endIndex else { return nil }
            let letters = text[..<sign].lazy.filter { !"-_. +".utf8.contains($0) }.map(\.asciiLowercased)
            name = String(decoding: Array(letters), as: UTF8.self)
            value = text[(sign + 1)...]
        }

        var looksLikeSignature: Bool { value.count >= 20 && !value.contains(UInt8(ascii: "/")) }
    }

    /// Whether a parameter is a secret; `expires` says whether the query also has the time at which the URL expires.
    private static func isSecret(_ parameter: Parameter, expires: Bool) -> Bool {
        let name = parameter.name
        if names.contains(name) || name == "key" && parameter.value.starts(with: "AIza".utf8) { return true }
        guard parameter.looksLikeSignature else { return false }
        return ambiguousNames.contains(name) || expires && digestNames.contains(name)
    }

    private static let names: Set<String> = [
        // Amazon S3, versions 4 and 2; CloudFront.
        "xamzsignature", "xamzsecuritytoken", "xamzcredential", "awsaccesskeyid", "signature", "keypairid", "policy",
        // Google Cloud Storage and Media CDN; Azure (SAS).
        "xgoogsignature", "xgoogcredential", "googleaccessid", "edgecachetoken", "sig",
        // Backblaze B2, Baidu BOS; Alibaba OSS and its CDN; Huawei OBS; Tencent COS and its CDN; Volcengine TOS; Kingsoft.
        "authorization", "xbcesecuritytoken", "xosssignature", "xosscredential", "xosssecuritytoken", "ossaccesskeyid",
        "securitytoken", "authkey", "xobssignature", "xobscredential", "xobssecuritytoken", "accesskeyid", "qsignature",
        "qak",
        "xcossecuritytoken", "txsecret", "xtossignature", "xtoscredential", "xtossecuritytoken", "kssaccesskeyid",
        "xksssecuritytoken",
        // Akamai; Upyun.
        "hdnts", "hdnea", "hdntl", "gda", "upt",
        // Bearer tokens (RFC 6750), and common names of keys and passwords in web services.
        "token", "accesstoken", "authtoken", "idtoken", "refreshtoken", "privatetoken", "jwt", "apikey", "xapikey",
        "apitoken", "bearer", "credentials", "accesskey", "secretkey", "subscriptionkey", "clientsecret", "secret",
        "password", "passwd", "pwd",
        // TikTok's CDN; links that are signed by the application itself.
        "xsignature", "hmac",
    ]

    /// Names that sites also use for other purposes: Tencent and Baidu, Cloudflare and others, Discord, Facebook; Azure
    /// Functions (`code`) and links from web applications.
    private static let ambiguousNames: Set<String> = [
        "sign", "verify", "auth", "hm", "oh", "code", "ticket", "session",
    ]

    /// Names of signatures of links that expire, as nginx makes them (secure_link); in others they choose an image.
    private static let digestNames: Set<String> = ["hash", "md5"]

    /// Names of the time at which a link expires.
    private static let expiryNames: Set<String> = [
        "expires", "expire", "expiry", "exp", "xexpires", "e", "ttl", "deadline", "validuntil",
    ]
}
