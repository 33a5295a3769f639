import CLIPArrow
import CLIPCore
import Synchronization
import Testing

@Suite struct OpenOnceTests {
    @Test func manyThatAskAtATimeOpenOnce() async throws {
        let count = Atomic(0)
        let gate = AsyncStream.makeStream(of: Void.self)
        let values = OpenOnce { name in
            count.add(1, ordering: .relaxed)
            for await _ in gate.stream {}
            return name
        }
        let results = try await withThrowingTaskGroup { group in
            for _ in 0..<16 { group.addTask { try await values("photos") } }
            gate.continuation.finish()
            return try await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(results == Array(repeating: "photos", count: 16))
        #expect(count.load(ordering: .relaxed) == 1)
    }

    @Test func aTaskThatIsCancelledStopsWaitingForWhatOthersGet() async throws {
        let count = Atomic(0)
        let started = AsyncStream.makeStream(of: Void.self)
        let gate = AsyncStream.makeStream(of: Void.self)
        let values = OpenOnce { name in
            count.add(1, ordering: .relaxed)
            started.continuation.yield()
            for await _ in gate.stream {}
            return name
        }
        let task = Task { try await values("photos") }
        for await _ in started.stream { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        gate.continuation.finish()
        #expect(try await values("photos") == "photos")
        #expect(count.load(ordering: .relaxed) == 1)
    }

    @Test func whatCouldNotBeOpenedIsTriedAgain() async throws {
        let count = Atomic(0)
        let values = OpenOnce { name in
            if count.add(1, ordering: .relaxed).newValue == 1 { throw CLIPError(.unreadable, "no") }
            return name
        }
        await #expect(throws: CLIPError.self) { try await values("photos") }
        #expect(try await values("photos") == "photos")
    }
}
