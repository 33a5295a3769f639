#if canImport(CryptoKit)
internal import CryptoKit
#else
internal import CLibCrypto
#endif

/// Incremental SHA-256 (FIPS 180-4), computed by the system's cryptography library.
package struct SHA256: ~Copyable {
    #if canImport(CryptoKit)
    private var state = CryptoKit.SHA256()

    package init() {}

    /// Appends bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        state.update(bufferPointer: bytes)
    }

    /// The 32-byte digest of all appended bytes.
    package consuming func digest() -> [UInt8] {
        Array(state.finalize())
    }
    #else
    private let context: OpaquePointer

    package init() {
        guard let context = EVP_MD_CTX_new() else { Self.fail() }
        self.context = context
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else { Self.fail() }
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Appends bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else { Self.fail() }
    }

    /// The 32-byte digest of all appended bytes.
    package consuming func digest() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            var length: UInt32 = 0
            guard EVP_DigestFinal_ex(context, buffer.baseAddress, &length) == 1 else { Self.fail() }
            count = Int(length)
        }
    }

    /// The input cannot cause this: memory has run out, or the system's OpenSSL is configured without SHA-256.
    private static func fail() -> Never {
        fatalError("libcrypto does not provide SHA-256. Check openssl.cnf.")
    }
    #endif

    /// The digest of all appended bytes as 64 lower-case hexadecimal digits.
    package consuming func finish() -> String {
        Self.hexadecimal(digest())
    }

    /// The digest of `bytes` as 64 lower-case hexadecimal digits.
    package static func hexadecimal(of bytes: [UInt8]) -> String {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update($0) }
        return hash.finish()
    }

    private static func hexadecimal(_ digest: [UInt8]) -> String {
        digest.reduce(into: "") { text, byte in
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }
}
