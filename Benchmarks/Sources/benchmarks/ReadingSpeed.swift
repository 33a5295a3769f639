import CLIPCore
import CLIPImage
import Foundation

/// Decoding images of each format, compared with plain calls of the codec libraries, on one thread.
///
/// The environment variable `BENCHMARK_IMAGES` names a folder with a folder for each format, and `BENCHMARK_ROUNDS` the
/// number of rounds. In each round, everything takes its turn. CPU times are measured, because nothing waits here.
enum ReadingSpeed {
    static func run() throws {
        let environment = ProcessInfo.processInfo.environment
        guard let folder = environment["BENCHMARK_IMAGES"] else {
            return print("skipped: set BENCHMARK_IMAGES, or run Tools/benchmark_reading.py")
        }
        let rounds = environment["BENCHMARK_ROUNDS"].flatMap { Int($0) } ?? 15
        for sample in try FormatSample.all(in: URL(filePath: folder)) {
            try measure(sample, rounds)
        }
    }

    private static func measure(_ sample: FormatSample, _ rounds: Int) throws {
        var buffers = sample.buffers
        var (alone, decoding, resizing) = (Measurement(), Measurement(), Measurement())
        for _ in 0..<rounds {
            try alone.timeCPU { for file in sample.files { try sample.decodeAlone(file, &buffers) } }
            try decoding.timeCPU {
                for file in sample.files { try FormatSample.decoder.decode(file, into: &buffers.image) }
            }
            try resizing.timeCPU {
                for image in sample.images { _ = try FormatSample.preprocessor.preprocess(image) }
            }
        }
        for (name, times) in [("codec", alone), ("decoder", decoding), ("preprocessing", resizing)] {
            let milliseconds = times.seconds.map { "\($0 * 1000 / Double(sample.files.count))" }
            print("\(sample.name), \(name), ms per image: \(milliseconds.joined(separator: " "))")
        }
    }
}
