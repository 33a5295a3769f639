/// What the browser's storage of a page's labels is found by.
enum PageIdentity {
    /// The 64-bit FNV-1a hash in hexadecimal digits (Fowler, Noll and Vo).
    static func hash(_ text: String) -> String {
        let hash = text.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
