/// One token of a glob pattern.
enum GlobToken: Sendable, Hashable {
    /// This byte.
    case byte(UInt8)
    /// The first byte of any character except `/`.
    case character
    /// One of these ASCII characters, or, if negated, any other character.
    case set(Set<UInt8>, isNegated: Bool)
    /// The continuation bytes of a character.
    case continuation
    /// Any bytes except `/`.
    case name
    /// Any bytes.
    case anything
    /// Nothing, or the start of a folder's name; `folderRest` matches the remainder. Precedes each folder.
    case folderStart
    /// The rest of a folder's name up to its `/`, followed by the preceding `folderStart` again.
    case folderRest

    /// Any number of whole folders.
    static let folders: [GlobToken] = [.folderStart, .folderRest]

    private static let slash = UInt8(ascii: "/")

    /// Returns whether all of `text` matches all of `tokens`.
    ///
    /// Keeps the set of tokens that may come next, so the time is at most tokens × bytes.
    static func match(_ tokens: [GlobToken], _ text: ArraySlice<UInt8>) -> Bool {
        var current = [Bool](repeating: false, count: tokens.count + 1)
        add(0, to: &current, tokens)
        for byte in text {
            var next = [Bool](repeating: false, count: tokens.count + 1)
            var isAlive = false
            for index in tokens.indices where current[index] {
                guard let follower = tokens[index].follower(of: index, after: byte) else { continue }
                add(follower, to: &next, tokens)
                isAlive = true
            }
            guard isAlive else { return false }
            current = next
        }
        return current[tokens.count]
    }

    /// Adds a token, and the ones after it if it may match nothing.
    private static func add(_ first: Int, to states: inout [Bool], _ tokens: [GlobToken]) {
        var index = first
        while !states[index] {
            states[index] = true
            guard index < tokens.count else { return }
            switch tokens[index] {
            case .continuation, .name, .anything: index += 1
            case .folderStart: index += 2
            case .byte, .character, .set, .folderRest: return
            }
        }
    }

    /// The token after this one has consumed `byte`, or `nil` if it does not match.
    private func follower(of index: Int, after byte: UInt8) -> Int? {
        let isContinuation = byte & 0xC0 == 0x80
        return switch self {
        case .byte(let own): byte == own ? index + 1 : nil
        case .character: byte != Self.slash && !isContinuation ? index + 1 : nil
        case .set(let set, let isNegated):
            byte != Self.slash && !isContinuation && set.contains(byte) != isNegated ? index + 1 : nil
        case .continuation: isContinuation ? index : nil
        case .name: byte != Self.slash ? index : nil
        case .anything: index
        case .folderStart: byte != Self.slash ? index + 1 : nil
        case .folderRest: byte != Self.slash ? index : index - 1
        }
    }
}
