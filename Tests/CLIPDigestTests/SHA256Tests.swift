import CLIPDigest
import Testing

/// Digests that NIST publishes for the algorithm (FIPS 180-4, examples and long-message vectors).
@Suite("SHA-256 equals the published digests")
struct SHA256Tests {
    @Test(
        "of known messages",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ]
    )
    func knownMessage(message: String, digest: String) {
        #expect(SHA256.hexadecimal(of: Array(message.utf8)) == digest)
    }

    @Test("of a million letters")
    func longMessage() {
        let message = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(
            SHA256.hexadecimal(of: message) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        )
    }

    @Test("of a message that comes in pieces, some of them empty", arguments: [1, 3, 64])
    func pieces(size: Int) {
        let message = Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)
        var hash = SHA256()
        for start in stride(from: 0, to: message.count, by: size) {
            message[start..<min(start + size, message.count)].withUnsafeBytes { hash.update($0) }
            hash.update(UnsafeRawBufferPointer(start: nil, count: 0))
        }
        #expect(hash.finish() == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    }
}
