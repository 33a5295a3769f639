import CCurl
import CFakeNetwork
import CLIPCore
import CLIPHTTP
import Testing

private let bytes = Array("the file".utf8)

@Suite struct NetworkTests {
    @Test(arguments: [
        "1.1.1.1", "11.0.0.1", "100.63.255.255", "100.128.0.1", "169.253.0.1", "172.15.0.1", "172.32.0.1",
        "192.167.1.1",
        "223.255.255.255", "2606:4700::1111", "[2606:4700::1111]", "::ffff:8.8.8.8", "64:ff9b::808:808",
        "2002:808:808::1", "2001:20::1", "2001:4860:4860::8888",
        "example.org", "localhost.example.org", "notlocalhost", "10.0.0.1.example.org", "",
    ])
    func everybodyReaches(host: String) {
        #expect(ccurl_network_of_host(host) == CCURL_PUBLIC)
    }

    @Test(arguments: [
        "10.0.0.1", "100.64.0.1", "100.127.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1", "192.0.2.1",
        "198.18.0.1", "198.19.255.255", "224.0.0.1", "240.0.0.1", "255.255.255.255", "10.0.0.1.", "0xa000001",
        "012.0.0.1",
        "fd00::1", "fc00::1", "[fd00::1]", "::ffff:10.0.0.1", "::ffff:a00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::1",
        "2002:a00:1::", "2001::1", "2001:db8::1", "fec0::1", "ff02::1", "100::1",
        "100:0:0:1::1", "2001:2::1", "2001:10::1",
    ])
    func notEverybodyReaches(host: String) {
        #expect(ccurl_network_of_host(host) == CCURL_PRIVATE)
    }

    @Test(arguments: ["169.254.169.254", "fe80::1", "[fe80::1%eth0]", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"])
    func theLinkReaches(host: String) {
        #expect(ccurl_network_of_host(host) == CCURL_LINK_LOCAL)
    }

    @Test(arguments: [
        "127.0.0.1", "127.255.0.1", "0.0.0.0", "0.1.2.3", "127.1", "2130706433", "0x7f.1", "017700000001", "::1",
        "[::1]",
        "::", "::ffff:127.0.0.1", "::127.0.0.1", "::ffff:0:127.0.0.1", "localhost", "LocalHost.", "a.localhost",
    ])
    func onlyThisMachineReaches(host: String) {
        #expect(ccurl_network_of_host(host) == CCURL_LOOPBACK)
    }

    @Test(arguments: [
        ("10.1.2.3", "10.0.0.0/8", true), ("11.1.2.3", "10.0.0.0/8", false), ("10.1.2.3", "10.1.2.3", true),
        ("10.1.2.3", "10.1.2.4", false), ("192.168.5.1", "192.168.4.0/23", true), ("1.2.3.4", "0.0.0.0/0", true),
        ("[fd00::1]", "fd00::/8", true), ("fd00::1", "fe00::/8", false), ("fd00::1", "10.0.0.0/8", false),
        ("10.1.2.3", "10.0.0.0/33", false), ("10.1.2.3", "10.0.0.0/-1", false), ("10.1.2.3", "10.0.0.0/", false),
        ("10.1.2.3", "10.0.0.0/8x", false), ("name", "10.0.0.0/8", false), ("10.1.2.3", "name/8", false),
    ])
    func blocksHoldTheirAddresses(host: String, block: String, isInside: Bool) {
        #expect(ccurl_is_in_block(host, block) == isInside)
    }
}

@Suite(.enabled(if: cfakenetwork_works())) struct PrivateNetworkTests {
    /// On this machine, where redirects from outside must not lead.
    private let inside: LoopbackServer

    init() throws {
        inside = try LoopbackServer { _, _ in Step.response("200 OK", [], bytes) }
    }

    private func port(_ server: LoopbackServer) -> Substring { server.url("").split(separator: ":")[2] }

    /// The URL of a server of the internet that redirects.
    private func redirecting(to location: String) throws -> (server: LoopbackServer, url: String) {
        let server = try LoopbackServer { _, _ in Step.response("302 Found", ["Location: \(location)"]) }
        return (server, "http://outside.test:\(port(server))/a.png")
    }

    @Test(arguments: ["127.0.0.1", "inside.test", "localhost", "0.0.0.0", "[::ffff:127.0.0.1]", "2130706433"])
    func aRedirectFromOutsideLeadsNotToThisMachine(host: String) async throws {
        let (server, url) = try redirecting(to: "http://\(host):\(port(inside))/admin?token=hidden")
        let reading = Reading()
        let error = try await reading.failure(url)
        #expect(error.code == .unreadable)
        #expect(error.message.contains(url) && error.message.contains("private networks"))
        #expect(!error.message.contains("hidden"))
        #expect(inside.connections == 0)
        #expect(server.requests.count == 1 && reading.delays.isEmpty)
    }

    @Test(arguments: ["10.0.0.1", "169.254.169.254", "[fd00::1]", "[fe80::1]", "100.64.0.1"])
    func norIntoPrivateNetworks(host: String) async throws {
        let (server, url) = try redirecting(to: "http://\(host)/")
        #expect(try await Reading().failure(url).message.contains("private networks"))
        #expect(server.requests.count == 1)
    }

    @Test func aConnectionThatIsOpenAlreadyIsNoWayIn() async throws {
        let listed = "http://inside.test:\(port(inside))"
        let (server, url) = try redirecting(to: listed + "/admin")
        let reading = Reading()
        #expect(try await reading.bytes(listed + "/a.png") == bytes)
        #expect(try await reading.failure(url).message.contains("private networks"))
        #expect(inside.requests.count == 1 && server.requests.count == 1)
        #expect(try await reading.bytes(listed + "/b.png") == bytes)
    }

    /// The server of a name answers the first lookup with its own address, and the next with this machine's.
    @Test func aNameThatLeadsInsideTheSecondTimeIsNoWayIn() async throws {
        cfakenetwork_reset_rebinding()
        let location = "http://rebinding.test:\(port(inside))/admin"
        let server = try LoopbackServer { _, _ in Step.response("302 Found", ["Location: \(location)"]) }
        let error = try await Reading().failure("http://rebinding.test:\(port(server))/a.png")
        #expect(error.message.contains("private networks"))
        #expect(server.requests.count == 1 && inside.connections == 0)
    }

    @Test func aRedirectFromOutsideToOutsideIsFollowed() async throws {
        let target = try LoopbackServer { _, _ in Step.response("200 OK", [], bytes) }
        let (server, url) = try redirecting(to: "http://outside.test:\(port(target))/")
        #expect(try await Reading().bytes(url) == bytes)
        #expect(server.requests.count == 1 && target.requests.count == 1)
    }

    @Test func allRedirectsAreFollowedWherePrivateNetworksAlwaysAre() async throws {
        let (server, url) = try redirecting(to: "http://inside.test:\(port(inside))/")
        #expect(try await Reading { $0.privateNetworks = .always }.bytes(url) == bytes)
        #expect(server.requests.count == 1 && inside.requests.count == 1)
    }

    @Test func aRedirectFromThisMachineLeadsAnywhere() async throws {
        let target = try LoopbackServer { _, _ in Step.response("302 Found", ["Location: \(inside.url("/a.png"))"]) }
        #expect(try await Reading().bytes(target.url("/")) == bytes)
    }

    @Test func fromThisMachineOutsideThereIsNoWayBack() async throws {
        let (second, outside) = try redirecting(to: inside.url("/admin"))
        let first = try LoopbackServer { _, _ in Step.response("302 Found", ["Location: \(outside)"]) }
        #expect(try await Reading().failure(first.url("/")).message.contains("private networks"))
        #expect(second.requests.count == 1 && inside.connections == 0)
    }

    @Test(arguments: ["127.0.0.1", "localhost", "inside.test", "0.0.0.0", "[::ffff:127.0.0.1]", "2130706433"])
    func aListByStrangersLeadsNotToThisMachine(host: String) async throws {
        let reading = Reading { $0.privateNetworks = .never }
        let error = try await reading.failure("http://\(host):\(port(inside))/")
        #expect(error.message.contains("this machine") && error.message.contains("private networks"))
        #expect(inside.connections == 0 && reading.delays.isEmpty)
    }
}

@Suite struct PrivateNetworkProxyTests {
    /// A proxy stands where the person has put it, and connects in its own network: only what is written counts.
    @Test func behindAProxyTheWrittenAddressCounts() async throws {
        let proxy = try LoopbackServer { path, _ in
            switch path {
            case "http://images.invalid/a": Step.response("302 Found", ["Location: http://cdn.invalid/"])
            case "http://images.invalid/b": Step.response("302 Found", ["Location: http://192.168.0.1/"])
            case "http://cdn.invalid/": Step.response("200 OK", [], bytes)
            default: Step.response("500 Wrong")
            }
        }
        for networks in [HTTPReader.Options.PrivateNetworks.listed, .never] {
            let reading = Reading {
                $0.proxy = proxy.url("")
                $0.privateNetworks = networks
            }
            #expect(try await reading.bytes("http://images.invalid/a") == bytes)
            #expect(try await reading.failure("http://images.invalid/b").message.contains("private networks"))
        }
        #expect(!proxy.requests.contains { $0.contains("192.168") })
    }

    /// libcurl or the proxy may turn these into an address, which then nobody has checked.
    private static let ambiguousHosts = [
        "\u{FF11}\u{FF16}\u{FF19}.254.169.254", "169\u{3002}254\u{3002}169\u{3002}254", "%EF%BC%91.0.0.1",
        "%2531%2536%2539.254.169.254", "l\u{24DE}calhost", "local\u{AD}host", "m\u{FC}nchen.invalid",
    ]

    @Test(arguments: ambiguousHosts)
    func behindAProxyAHostThatMayBeAnotherIsRefused(host: String) async throws {
        let proxy = try LoopbackServer { path, _ in
            path == "http://images.invalid/"
                ? Step.response("302 Found", ["Location: http://\(host)/"]) : Step.response("200 OK", [], bytes)
        }
        for (networks, url) in [
            (HTTPReader.Options.PrivateNetworks.never, "http://\(host)/"),
            (.never, "http://images.invalid/"), (.listed, "http://images.invalid/"),
        ] {
            let reading = Reading {
                $0.proxy = proxy.url("")
                $0.privateNetworks = networks
            }
            let error = try await reading.failure(url)
            #expect(error.message.contains("xn--") && error.message.contains("private network"), "\(error)")
            #expect(reading.delays.isEmpty)
        }
        #expect(proxy.requests.allSatisfy { $0.hasPrefix("GET http://images.invalid/ ") })
    }

    @Test(arguments: ["xn--mnchen-3ya.invalid", "a_b-c.INVALID.", "[2606:4700::1111]", "1.1.1.1"])
    func behindAProxyAnyOtherHostIsAskedFor(host: String) async throws {
        let proxy = try LoopbackServer { _, _ in Step.response("200 OK", [], bytes) }
        let reading = Reading {
            $0.proxy = proxy.url("")
            $0.privateNetworks = .never
        }
        #expect(try await reading.bytes("http://\(host)/") == bytes)
    }
}
