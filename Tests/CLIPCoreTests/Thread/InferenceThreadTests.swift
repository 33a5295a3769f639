import CLIPCore
import Synchronization
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

@Suite struct InferenceThreadTests {
    private static let running = Atomic(0)

    @Test func callsAreMadeOneByOneOnOneThread() async throws {
        let thread = InferenceThread()
        let ids = try await withThrowingTaskGroup(of: UInt.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await thread.run {
                        #expect(Self.running.add(1, ordering: .relaxed).newValue == 1)
                        usleep(100)
                        Self.running.subtract(1, ordering: .relaxed)
                        return UInt(bitPattern: pthread_self().hashValue)
                    }
                }
            }
            return try await group.reduce(into: Set<UInt>()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
    }

    @Test func whatACallThrowsIsThrown() async {
        await #expect(throws: CLIPError.self) {
            try await InferenceThread().run { throw CLIPError(.inference, "out of memory") }
        }
    }
}
