internal import CCurl
internal import CLIPHTTP
internal import CLIPPipeline
internal import Foundation

/// URLs, proxies, and what servers send.
let webTargets = [
    FuzzTarget(
        "url",
        of: [
            "CLIPHTTP/WebAddress.swift", "CLIPPipeline/Location/BrowserSpelling.swift",
            "CLIPPipeline/Location/LocationSecrets.swift", "CLIPPipeline/Location/DatabaseSecrets.swift",
        ]
    ) { input in
        // A URL, and where the server redirects to.
        let lines = textLines(input)
        let first = lines.first ?? ""
        _ = DatabaseSecrets(first).publicText
        precondition(!LocationSecrets.withoutQuery(first).contains("?"), "a query is left")
        let address = try WebAddress(first)
        for location in lines.dropFirst() { _ = try address.redirected(to: location) }
    },
    FuzzTarget("proxy", of: ["CLIPHTTP/ProxyRules.swift", "CCurl/network.c"]) { input in
        // The scheme and the host of a URL, and the variables for proxies; or an address as the system gives it.
        let lines = textLines(input)
        guard lines.count == 4 else { return readAddress(input) }
        _ = ccurl_network_of_host(lines[1])
        let rules = ProxyRules(nil) { $0 == "no_proxy" ? lines[2] : lines[3] }
        _ = try rules.proxy(scheme: lines[0], host: lines[1])
    },
    FuzzTarget(
        "http",
        of: [
            "CLIPHTTP/Transfer.swift", "CLIPHTTP/TransferResult.swift", "CLIPHTTP/TransferResult+Error.swift",
            "CLIPHTTP/RedirectedTransfer.swift", "CCurl/ccurl.c", "CCurl/head.c",
        ],
        within: limits
    ) { input in
        responder.answer(input)
        wait {
            var file = [UInt8]()
            try await reader.read("http://images.example/cat.jpg", maximumBytes: maximumBytes, into: &file)
        }
    },
    FuzzTarget("http-part", of: ["CLIPHTTP/Part", "CCurl/ccurl.c", "CCurl/head.c"], within: limits) { input in
        responder.answer(input)
        wait {
            let remote = try await reader.open("http://images.example/images.zip")
            var part = [UInt8]()
            let count = min(remote.byteCount, 16)
            try await remote.read(at: remote.byteCount - count, count: count, into: &part)
        }
    },
]

private let maximumBytes = 1 << 20
/// As much as a body and its compressed form; and the certificates, which are read for each connection with TLS.
private let limits = FuzzTarget.Limits(mebibytes: 64)
private let responder = LoopbackResponder()
/// All requests, wherever a redirect leads, go to the responder, which is their proxy.
private let reader = HTTPReader(
    options: .init(
        connectTimeout: .seconds(10),
        stallTimeout: .seconds(10),
        attemptTimeout: .seconds(30),
        retries: 0,
        proxy: "http://127.0.0.1:\(responder.port)"
    )
)

private func readAddress(_ input: [UInt8]) {
    var address = sockaddr_storage()
    withUnsafeMutableBytes(of: &address) { $0.copyBytes(from: input.prefix($0.count)) }
    withUnsafeBytes(of: &address) { bytes in
        _ = bytes.baseAddress.map { ccurl_network_of($0.assumingMemoryBound(to: sockaddr.self)) }
    }
}

private func textLines(_ input: [UInt8]) -> [String] {
    input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { text(Array($0)) }
}
