import CLIPArrow
import Synchronization

/// Ends a run at one of its changes to files.
final class Failure: Sendable {
    struct Injected: Error {}

    enum Kind: CaseIterable {
        /// As a crash does: nothing is changed from then on.
        case crash
        /// As a full disk does: one change fails.
        case error
    }

    private let rest: Mutex<Int>
    private let kind: Kind

    init(_ kind: Kind, afterChanges count: Int) {
        rest = Mutex(count)
        self.kind = kind
    }

    var hasHappened: Bool { rest.withLock { $0 < 0 } }

    var files: StoreFiles {
        StoreFiles { [self] change, _ in
            let rest = rest.withLock { rest in
                rest -= 1
                return rest
            }
            if rest == -1 && change != .discard || rest < 0 && kind == .crash { throw Injected() }
        }
    }
}
