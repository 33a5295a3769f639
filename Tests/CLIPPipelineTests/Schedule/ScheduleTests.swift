import CLIPCore
import CLIPPipeline
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Random runs with failures, interruptions, fast and slow stages, against a model without any concurrency.
///
/// `OPENCLIP_SCHEDULES` is their number, and `OPENCLIP_FIRST_SEED` the first of their seeds, which count up.
@Suite struct ScheduleTests {
    private static let count = number("OPENCLIP_SCHEDULES") ?? 300
    private static let first = number("OPENCLIP_FIRST_SEED") ?? 1
    private static let secondsOfASchedule = 120
    private static let reportedSchedules = 5

    private static func number(_ variable: String) -> Int? {
        getenv(variable).flatMap { Int(String(cString: $0)) }
    }

    @Test func everyScheduleEndsAsTheSequentialModelDoes() async throws {
        let watchdog = try Watchdog(seconds: Self.secondsOfASchedule)
        defer { watchdog.end() }
        var failed = 0
        for seed in Self.first..<Self.first + Self.count where failed < Self.reportedSchedules {
            let faults = await watchdog.wait { await Self.faults(UInt64(seed)) } ?? ["it does not end"]
            if !faults.isEmpty { failed += 1 }
            for fault in faults.prefix(3) {
                Issue.record("schedule \(seed): \(fault); try it again with: make test-schedules SEEDS=1 FIRST=\(seed)")
            }
        }
    }

    private static func faults(_ seed: UInt64) async -> [String] {
        do {
            return try await ScheduleCheck(Schedule(seed: seed)).faults()
        } catch {
            return ["it cannot be checked: \(error)"]
        }
    }

    /// A check that finds nothing proves nothing unless the schedules have what it looks for.
    @Test func schedulesHaveEveryKindOfFailureAndInterruption() {
        let schedules = (1...300).map { Schedule(seed: $0) }
        let images = schedules.flatMap(\.images)
        for kind in ScheduledImage.Kind.allCases { #expect(images.contains { $0.kind == kind }) }
        for fault in ScheduledImage.ReadFault.allCases { #expect(images.contains { $0.readFault == fault }) }
        for how in [Schedule.Interruption.stop, .cancel, .leave] {
            #expect(schedules.contains { $0.interruption?.how == how })
        }
        #expect(schedules.count { $0.fatal != nil } > 30)
        #expect(schedules.contains { Set($0.images.map(\.id)).count < $0.images.count })
        #expect(Set(schedules.map(\.isBatchInvariant)) == [true, false])
        #expect(schedules.contains { $0.images.isEmpty })
        #expect(schedules.contains { $0.images.count > 256 })
        #expect(Schedule(seed: 7).images == schedules[6].images)
    }
}
