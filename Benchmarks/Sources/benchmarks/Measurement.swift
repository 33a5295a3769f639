#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Times of one thing, in seconds.
struct Measurement {
    private(set) var seconds = [Double]()

    /// The middle one, which a disturbance of some runs does not move.
    var median: Double { seconds.sorted()[seconds.count / 2] }

    /// The shortest one: the time without disturbance by others.
    var least: Double { seconds.min() ?? .nan }

    mutating func time<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        let clock = ContinuousClock()
        let start = clock.now
        let value = try await body()
        seconds.append((clock.now - start) / .seconds(1))
        return value
    }

    /// Measures the CPU time of the calling thread.
    mutating func timeCPU(_ body: () throws -> Void) rethrows {
        let start = Self.seconds(of: CLOCK_THREAD_CPUTIME_ID)
        try body()
        seconds.append(Self.seconds(of: CLOCK_THREAD_CPUTIME_ID) - start)
    }

    /// Measures the CPU time of all threads.
    mutating func timeProcessCPU<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        let start = Self.seconds(of: CLOCK_PROCESS_CPUTIME_ID)
        let value = try await body()
        seconds.append(Self.seconds(of: CLOCK_PROCESS_CPUTIME_ID) - start)
        return value
    }

    private static func seconds(of clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// Fixed pseudo-random numbers, so that every run measures the same data (Knuth's MMIX generator).
struct Numbers {
    private var state: UInt64 = 1

    mutating func next() -> UInt32 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt32(truncatingIfNeeded: state >> 32)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    mutating func floats(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float(next()) / Float(UInt32.max) - 0.5 }
    }
}

/// A benchmark that missed its bar.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
