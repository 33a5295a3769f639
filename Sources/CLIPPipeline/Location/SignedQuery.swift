/// Recognizes the queries of signed URLs, which grant access to anyone who has them.
enum SignedQuery {
    /// Levels of nested percent-encoding to decode: a URL may be a parameter of another URL.
    private static let rounds = 3

    /// Whether a query or fragment has a parameter that contains a signature, a token or a key.
    static func isSigned(_ query: some Collection<UInt8>) -> Bool {
        var query = Array(query)
        for _ in 0..<rounds {
            if query.split(whereSeparator: { "&;?#".utf8.contains($0) }).contains(where: isSecret) { return true }
            let decoded = PercentEncoding.decoded(query)
            guard decoded != query else { return false }
            query = decoded
        }
        return false
    }

    private static func isSecret(_ parameter: ArraySlice<UInt8>) -> Bool {
        guard let sign = parameter.firstIndex(of: UInt8(ascii: "=")) else { return false }
        let value = parameter[sign...].dropFirst()
        let letters = parameter[..<sign].lazy.filter { !"-_. +".utf8.contains($0) }.map(\.asciiLowercased)
        let name = String(decoding: Array(letters), as: UTF8.self)
        if value.isEmpty { return false }
        return names.contains(name) || ambiguousNames.contains(name) && looksLikeSignature(value)
            || name == "key" && value.starts(with: "AIza".utf8)
    }

    private static func looksLikeSignature(_ value: ArraySlice<UInt8>) -> Bool {
        value.count >= 20 && !value.contains(UInt8(ascii: "/"))
    }

    /// Parameter names in lower case, without `-`, `_` and `.`.
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
        "accesskey", "secretkey", "subscriptionkey", "clientsecret", "secret", "password", "passwd", "pwd",
    ]

    /// Names that sites also use for other purposes: Tencent and Baidu, Cloudflare and others, Discord, Facebook.
    private static let ambiguousNames: Set<String> = ["sign", "verify", "auth", "hm", "oh"]
}
