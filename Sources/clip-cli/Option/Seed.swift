internal import ArgumentParser

/// The value of `--seed`.
enum Seed {
    /// Reads a seed.
    static func value(_ argument: String) throws -> UInt64 {
        guard let seed = UInt64(argument) else {
            throw ValidationError("It must be a whole number from 0 to \(UInt64.max).")
        }
        return seed
    }
}
