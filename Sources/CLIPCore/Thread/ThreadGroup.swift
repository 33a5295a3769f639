internal import Dispatch

/// Threads of the operating system whose end can be waited for.
struct ThreadGroup {
    private let group = DispatchGroup()

    /// Runs `body` on a thread of its own.
    ///
    /// - Throws: ``CLIPError`` with code `limitExceeded` when the system has no thread left.
    func start(_ body: @escaping @Sendable () -> Void) throws {
        group.enter()
        do {
            try SystemThread.start { [group] in
                body()
                group.leave()
            }
        } catch {
            group.leave()
            throw error
        }
    }

    /// Runs `body` on several threads, or on as many as the system has.
    ///
    /// - Throws: ``CLIPError`` with code `limitExceeded` when it has none.
    func start(upTo count: Int, _ body: @escaping @Sendable () -> Void) throws {
        try start(body)
        for _ in 1..<count {
            do { try start(body) } catch { return }
        }
    }

    /// Waits until all threads have come to their end.
    func wait() {
        group.wait()
    }
}
