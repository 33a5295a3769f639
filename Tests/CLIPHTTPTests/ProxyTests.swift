import CLIPCore
import CLIPHTTP
import Testing

@Suite struct ProxyTests {
    private func proxy(
        _ scheme: String,
        _ environment: [String: String],
        host: String = "images.example"
    ) throws -> String {
        try ProxyRules(nil, environment: { environment[$0] }).proxy(scheme: scheme, host: host)
    }

    @Test func theEnvironmentIsUnderstoodAsByCurl() throws {
        #expect(try proxy("http", ["http_proxy": "a:1", "https_proxy": "b:1", "all_proxy": "c:1"]) == "a:1")
        #expect(try proxy("https", ["http_proxy": "a:1", "https_proxy": "b:1", "all_proxy": "c:1"]) == "b:1")
        #expect(try proxy("https", ["HTTPS_PROXY": "b:1"]) == "b:1")
        #expect(try proxy("http", ["all_proxy": "c:1"]) == "c:1" && proxy("https", ["ALL_PROXY": "c:1"]) == "c:1")
        // A web server sets this one to what its client sends.
        #expect(try proxy("http", ["HTTP_PROXY": "a:1"]) == "")
        #expect(try proxy("http", ["http_proxy": ""]) == "")
    }

    @Test(
        arguments: [
            ("images.example", true), ("IMAGES.example.", true), ("example", true), ("a.b.images.example", true),
            ("notimages.test", false), ("images.test", true), ("10.9.8.7", true), ("11.9.8.7", false),
            ("[fd00::1]", true), ("[fe80::1]", false), ("192.0.2.7", true), ("192.0.2.70", false),
        ]
    )
    func someHostsNeedNone(host: String, isException: Bool) throws {
        let environment = [
            "http_proxy": "a:1", "no_proxy": "example., .images.test 10.0.0.0/8,\tfd00::/8,192.0.2.7",
        ]
        #expect(try proxy("http", environment, host: host) == (isException ? "" : "a:1"))
    }

    @Test func aStarAloneStandsForAllHosts() throws {
        #expect(try proxy("http", ["http_proxy": "a:1", "NO_PROXY": "*"]) == "")
        #expect(try proxy("http", ["http_proxy": "a:1", "no_proxy": "*,b"]) == "a:1")
    }

    @Test(arguments: [
        "http://user:hidden@ho st:3128", "http://user:hidden@host:port", "gopher://user:hidden@host", "http://",
    ])
    func aWrongAddressIsNamedByItsVariableAndNotRepeated(address: String) throws {
        let error = try #require(throws: CLIPError.self) { try proxy("https", ["HTTPS_PROXY": address]) }
        #expect(error.code == .unreadable && error.message.contains("HTTPS_PROXY"))
        #expect(!error.message.contains("hidden"))
        #expect(try proxy("https", ["HTTPS_PROXY": address, "no_proxy": "example"]) == "")
    }

    @Test(arguments: ["http://user:hidden@ho st:3128", "user:hidden@[::1", "ftp://user:hidden@127.0.0.1"])
    func noPasswordOfAWrongProxyGetsIntoAMessage(address: String) async throws {
        let reading = Reading { $0.proxy = address }
        let error = try await reading.failure("http://images.invalid/")
        #expect(error.message.contains("proxy"))
        #expect(!error.message.contains("hidden") && !error.message.contains("user"))
        #expect(reading.delays.isEmpty)
    }

    @Test func norOfOneThatDoesNotAnswer() async throws {
        let port = try LoopbackPort()
        let reading = Reading { $0.proxy = "http://user:hidden@127.0.0.1:\(port.number)" }
        #expect(try await !reading.failure("http://images.invalid/").message.contains("hidden"))
    }

    @Test(arguments: [400, 403, 405, 407, 501])
    func aProxyThatRefusesIsAskedOnce(status: Int) async throws {
        let proxy = try LoopbackServer { _, _ in
            Step.response("\(status) No", ["Proxy-Authenticate: Basic realm=\"images\""])
        }
        let reading = Reading { $0.proxy = proxy.url("").replacing("://", with: "://user:hidden@") }
        let error = try await reading.failure("https://images.invalid/a.png")
        #expect(error.code == .unreadable)
        #expect(error.message.contains("the proxy refuses") && error.message.contains("HTTP \(status)"))
        #expect(error.message.contains("password") == (status == 407))
        #expect(!error.message.contains("hidden") && !error.message.contains("user:"))
        #expect(proxy.requests.count == 1 && reading.delays.isEmpty)
    }

    @Test(arguments: [408, 425, 429, 500, 502, 503, 504])
    func aProxyThatMayConnectLaterIsAskedAgain(status: Int) async throws {
        let proxy = try LoopbackServer { _, _ in Step.response("\(status) Wait") }
        let reading = Reading { $0.proxy = proxy.url("") }
        let error = try await reading.failure("https://images.invalid/a.png")
        #expect(error.message.contains("\(status)") && error.message.contains("after 5 attempts"))
        #expect(proxy.requests.count == 5)
    }

    @Test(arguments: [
        ("Unsupported proxy 'https://user:hidden@host', libcurl …", "Unsupported proxy 'https://…@host', libcurl …"),
        ("no user:hidden@host here, nor a:hidden@b", "no …@host here, nor …@b"),
        ("user@hidden@host", "…@host"), ("nothing to hide", "nothing to hide"),
    ])
    func credentialsAreCutOutOfTheWordsOfLibcurl(words: String, shown: String) {
        #expect(TransferResult.withoutCredentials(words) == shown)
    }
}

@Suite struct RedirectTargetTests {
    @Test(arguments: [
        ("http://a/b/c?d", "e f", "http://a/b/e%20f"), ("http://a/b/c", "//x/y", "http://x/y"),
        ("http://a/b", "https://x/ü", "https://x/%c3%bc"), ("https://a/b", "/c", "https://a/c"),
        ("http://a/b", "HTTP://X/", "http://X/"),
    ])
    func itIsResolvedAsByABrowser(url: String, location: String, target: String) throws {
        #expect(try WebAddress(url).redirected(to: location).url == target)
    }

    @Test(arguments: [
        ("https://a/", "http://a/?hidden", "from https to http"), ("http://a/", "file:///hidden", "file://"),
        ("http://a/", "http://user:hidden@b/", "credentials"), ("http://a/", "http://b:hidden/", "malformed"),
    ])
    func whatNobodyShouldFollowIsRefused(url: String, location: String, words: String) throws {
        let error = #expect(throws: CLIPError.self) { try WebAddress(url).redirected(to: location) }
        #expect(error?.message.contains(words) == true)
        #expect(error?.message.contains("hidden") == false)
    }

    @Test(arguments: ["http:///user:hidden@host/", "http:///host/a.png", "https:////host/"])
    func aURLWithoutAHostIsRefused(url: String) throws {
        let error = #expect(throws: CLIPError.self) { try WebAddress(url) }
        #expect(error?.message.contains("hidden") == false)
    }
}
