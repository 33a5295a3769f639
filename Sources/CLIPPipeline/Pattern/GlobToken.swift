/// One step of a glob pattern.
enum GlobToken: Sendable, Hashable {
    /// This byte.
    case byte(UInt8)
    /// One byte that starts a character, but `/`.
    case character
    /// One of these ASCII characters, or one that is none of them.
    case set(Set<UInt8>, isNegated: Bool)
    /// Any bytes that continue a character.
    case continuation
    /// Any bytes but `/`.
    case name
    /// Any bytes.
    case anything
    /// Nothing, or the start of a folder's name, of which `folderRest` is the rest. Stands before each folder.
    case folderStart
    /// The rest of a folder's name up to its `/`, behind which comes the `folderStart` before it once more.
    case folderRest

    /// Any number of whole folders.
    static let folders: [GlobToken] = [.folderStart, .folderRest]

    private static let slash = UInt8(ascii: "/")

    /// Whether all of `text` fits all of `tokens`.
    ///
    /// Keeps the set of all tokens that may come next, so that the time is at most tokens × bytes.
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

    /// Marks a token, and those behind it where it may stand for nothing.
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

    /// The token that comes after this one took `byte`, or `nil` when it does not take it.
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
