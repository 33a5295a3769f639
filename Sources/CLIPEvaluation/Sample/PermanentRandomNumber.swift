/// A fixed random number of each image (Ohlsson, 1995): drawing the images with the smallest numbers again and again keeps
/// those that were drawn earlier, and draws the same images for several categories where their strata permit.
enum PermanentRandomNumber {
    /// The number of an id, which depends on nothing but the id's bytes and the seed.
    static func number(of id: String, seed: UInt64) -> UInt64 {
        // FNV-1a, whose bits SplitMix64's finaliser spreads.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return mixed(mixed(hash) ^ mixed(seed &+ 0x9E37_79B9_7F4A_7C15))
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
