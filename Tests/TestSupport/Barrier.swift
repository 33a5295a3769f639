import Dispatch
import Synchronization

/// Where a number of threads wait for each other.
package final class Barrier: Sendable {
    private let missing: Mutex<Int>
    private let open = DispatchSemaphore(value: 0)

    package init(_ count: Int) {
        missing = Mutex(count)
    }

    package func wait() {
        let isLast = missing.withLock { missing in
            missing -= 1
            return missing == 0
        }
        if !isLast { open.wait() }
        open.signal()
    }
}
