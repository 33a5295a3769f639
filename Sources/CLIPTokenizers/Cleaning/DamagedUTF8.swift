/// Repairs UTF-8 bytes that another program has damaged.
enum DamagedUTF8 {
    /// Restores byte 0xA0 (no-break space) if it was turned into a space inside a UTF-8 sequence.
    ///
    /// "Ã " before a word usually stands for the whole word "à", so a space is added after the restored byte, except
    /// before the endings of Portuguese "às", "àquele", "àquela" and "àquilo".
    static func restoringNoBreakSpaces(in bytes: [UInt8]) -> [UInt8] {
        let separated = replacing(in: bytes) { rest in
            guard rest.starts(with: [0xC3, space]) else { return nil }
            let next = rest.dropFirst(2)
            guard !joinedEndings.contains(where: { next.starts(with: $0.utf8) }) else { return nil }
            return ([0xC3, noBreakSpace, space], 2)
        }
        return replacing(in: separated) { rest in
            guard let length = spacedSequences.lazy.compactMap({ matchLength($0, rest) }).first else { return nil }
            return (rest.prefix(length).map { $0 == space ? noBreakSpace : $0 }, length)
        }
    }

    /// Replaces sequences with a lost byte, represented by 0x1A or written as `?`, with U+FFFD.
    static func replacingLostSequences(in bytes: [UInt8]) -> [UInt8] {
        replacing(in: bytes) { rest in
            guard let length = lossySequences.lazy.compactMap({ matchLength($0, rest) }).first else { return nil }
            return ([0xEF, 0xBF, 0xBD], length)
        }
    }

    private typealias ByteSet = [ClosedRange<UInt8>]

    private static let space: UInt8 = 0x20
    private static let noBreakSpace: UInt8 = 0xA0
    private static let joinedEndings = [" ", "quele", "quela", "quilo", "s "]

    private static let spaceOnly: ByteSet = [0x20...0x20]
    private static let continuation: ByteSet = [0x80...0xBF]
    /// Without 0xA0, and without 0x85, which usually stands for an ellipsis.
    private static let likelyContinuation: ByteSet = [0x80...0x84, 0x86...0x9F, 0xA1...0xBF]
    private static let substitute: ByteSet = [0x1A...0x1A]
    private static let lost: ByteSet = [0x1A...0x1A, 0x3F...0x3F]
    private static let lostOrContinuation: ByteSet = [0x1A...0x1A, 0x80...0xBF]
    private static let anyOf: ByteSet = [0x1A...0x1A, 0x3F...0x3F, 0x80...0xBF]

    /// Sequences with a space instead of 0xA0; only lead bytes that form likely characters with it.
    private static let spacedSequences: [[ByteSet]] = [
        [[0xC2...0xC3, 0xC5...0xC5, 0xCE...0xCE, 0xD0...0xD0, 0xD9...0xD9], spaceOnly],
        [[0xE2...0xE3], spaceOnly, likelyContinuation],
        [[0xE0...0xE3], likelyContinuation, spaceOnly],
        [[0xF0...0xF0], spaceOnly, continuation, continuation],
        [[0xF0...0xF0], continuation, spaceOnly, continuation],
        [[0xF0...0xF0], continuation, continuation, spaceOnly],
    ]

    /// UTF-8 sequences, and surrogate pairs in CESU-8, with at least one lost byte.
    private static let lossySequences: [[ByteSet]] = [
        [[0xC2...0xDF], substitute],
        [[0xC2...0xC3], [0x3F...0x3F]],
        [[0xED...0xED], [0xA0...0xAF], lost, [0xED...0xED], [0xB0...0xBF], anyOf],
        [[0xED...0xED], [0xA0...0xAF], anyOf, [0xED...0xED], [0xB0...0xBF], lost],
        [[0xE0...0xEF], lost, lostOrContinuation],
        [[0xE0...0xEF], lostOrContinuation, lost],
        [[0xF0...0xF4], lost, lostOrContinuation, lostOrContinuation],
        [[0xF0...0xF4], lostOrContinuation, lost, lostOrContinuation],
        [[0xF0...0xF4], lostOrContinuation, lostOrContinuation, lost],
        [substitute],
    ]

    private static func matchLength(_ sequence: [ByteSet], _ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= sequence.count else { return nil }
        let matches = zip(sequence, bytes).allSatisfy { set, byte in set.contains { $0.contains(byte) } }
        return matches ? sequence.count : nil
    }

    /// Scans the bytes and replaces each match; `replacement` checks the start of the rest and returns the new bytes
    /// and the length of the match.
    private static func replacing(
        in bytes: [UInt8],
        _ replacement: (_ rest: ArraySlice<UInt8>) -> (bytes: [UInt8], length: Int)?
    ) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if let (new, length) = replacement(bytes[index...]) {
                result += new
                index += length
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }
}
