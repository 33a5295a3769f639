internal import Dispatch

/// Operating system threads that can be waited for.
struct ThreadGroup {
    private let group = DispatchGroup()

    /// Runs `body` on a new thread.
    ///
    /// - Throws: ``CLIPError`` with code `limitExceeded` if the system cannot start a thread.
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

    /// Runs `body` on several threads, or on as many as the system can start.
    ///
    /// - Throws: ``CLIPError`` with code `limitExceeded` if the system cannot start any.
    func start(upTo count: Int, _ body: @escaping @Sendable () -> Void) throws {
        try start(body)
        for _ in 1..<count {
            do { try start(body) } catch { return }
        }
    }

    /// Waits for all threads to end.
    func wait() {
        group.wait()
    }
}
