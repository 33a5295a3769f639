internal import CLIPCache
internal import CLIPCore
internal import CLIPDigest
internal import FoundationEssentials

/// How many images a second this machine encodes with a model, by precision and batch size.
package struct EncoderSpeeds: Sendable, Hashable, Codable {
    /// One measurement.
    package struct Entry: Sendable, Hashable, Codable {
        package let precision: String
        package let batchSize: Int
        /// Images a second, the fastest of several batches.
        package let rate: Double
    }

    /// The measurements, at least one for each precision that the bundle and this CPU have.
    package let entries: [Entry]

    /// The fastest measurement.
    ///
    /// - Precondition: The bundle has a precision that this CPU has.
    package var best: Entry {
        guard let best = best(nil) else { preconditionFailure("nothing was measured") }
        return best
    }

    /// The fastest measurement of a precision, or of any for `nil`; `nil` if there is none, because this CPU or the bundle
    /// does not have it.
    package func best(_ precision: Precision?) -> Entry? {
        entries.filter { precision == nil || $0.precision == precision?.rawValue }.max { $0.rate < $1.rate }
    }
}

extension ModelBundle {
    private static let secondsPerMeasurement = 0.3

    /// Measures the image encoder on this CPU in each precision, for about two seconds and the time of loading it; or
    /// returns what was measured and cached before for this CPU with its instructions, model, number of threads and version.
    ///
    /// - Parameter engine: Runs it, on a CPU.
    /// - Returns: The measurements.
    /// - Precondition: `engine` is on a CPU.
    /// - Throws: What loading and encoding throw.
    package func encoderSpeeds(on engine: InferenceEngine) async throws -> EncoderSpeeds {
        precondition(engine.runtime.device == "cpu", "precisions are those of CPUs")
        let cached = try speedsPath(engine)
        if let cached, Ownership.isOwn(folder: PendingFile.folder(of: cached)), let bytes = try? FileBytes.read(cached),
            let speeds = try? JSONDecoder().decode(EncoderSpeeds.self, from: Data(bytes)), !speeds.entries.isEmpty
        {
            return speeds
        }
        let speeds = try await measuredSpeeds(engine)
        // A cache that cannot be written is not an error.
        if let cached, let json = try? JSONEncoder().encode(speeds) {
            CacheFolder.create(PendingFile.folder(of: cached))
            let file = try? OutputFile(path: cached)
            try? json.withUnsafeBytes { try file?.write($0) }
            try? file?.close()
        }
        return speeds
    }

    /// The measurements for advice alone, without which a run goes on; `nil` if they cannot be made.
    ///
    /// They load the encoder in each precision, and so may take more memory than the run.
    ///
    /// - Precondition: `engine` is on a CPU.
    package func speedsForAdvice(on engine: InferenceEngine) async -> EncoderSpeeds? {
        try? await encoderSpeeds(on: engine)
    }

    private func measuredSpeeds(_ engine: InferenceEngine) async throws -> EncoderSpeeds {
        var entries: [EncoderSpeeds.Entry] = []
        // Fewer images than all threads take together would measure some of them only.
        let sizes = [8, max(32, try imagesForAllThreads(of: engine))]
        for precision in try engine.runtime.precisions() where manifest.precisions.contains(precision) {
            let encoder = try running(in: precision).imageEncoder(on: engine)
            for batchSize in sizes {
                let batch = Self.randomBatch(model.preprocessing, count: batchSize)
                let seconds = try await Self.fastest { _ = try await encoder.encode(batch) }
                let rate = Double(batchSize) / seconds
                entries.append(.init(precision: precision.rawValue, batchSize: batchSize, rate: rate))
            }
        }
        return EncoderSpeeds(entries: entries)
    }

    private static func fastest(_ body: () async throws -> Void) async throws -> Double {
        let clock = ContinuousClock()
        try await body()  // the first takes memory from the system
        var least = Double.infinity
        let start = clock.now
        repeat {
            let before = clock.now
            try await body()
            least = min(least, (clock.now - before) / .seconds(1))
        } while (clock.now - start) / .seconds(1) < secondsPerMeasurement
        return least
    }

    private static func randomBatch(_ spec: PreprocessingSpec, count: Int) -> ImageBatch {
        var random = SeededGenerator(seed: 1)
        var batch = ImageBatch(height: spec.height, width: spec.width)
        for _ in 0..<count {
            batch.append((0..<spec.height * spec.width * 3).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
        return batch
    }

    private func speedsPath(_ engine: InferenceEngine) throws -> String? {
        guard let cacheFolder else { return nil }
        let key = [
            LibraryVersion.current, try engine.runtime.version(), model.identity, CPUName.current,
            "\(try engine.runtime.threadCount())",
            try engine.runtime.precisions().map(\.rawValue).joined(separator: " "),
        ]
        return "\(cacheFolder)/speeds/\(SHA256.hexadecimal(of: Array(key.joined(separator: "\n").utf8)))"
    }
}

/// The model name of this machine's CPU.
private enum CPUName {
    static var current: String {
        guard let bytes = try? FileBytes.read("/proc/cpuinfo") else { return "unknown" }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        // Virtual machines give the same name to different CPUs, so the instructions count too.
        return lines.filter { $0.hasPrefix("model") || $0.hasPrefix("flags") }.prefix(3).joined(separator: "\n")
    }
}
