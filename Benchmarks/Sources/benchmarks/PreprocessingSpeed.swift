import CLIPCore
import CLIPImage
import Foundation

/// The stages from JPEG files to the pixels that a model receives, on one thread.
///
/// The environment variable `BENCHMARK_JPEGS` names the folder of the files, so that other programs can be timed on the
/// same files, and `BENCHMARK_ROUNDS` the number of rounds. CPU times are measured, which depend less on the load of the
/// machine: nothing waits here.
enum PreprocessingSpeed {
    static func run() throws {
        let environment = ProcessInfo.processInfo.environment
        guard let folder = environment["BENCHMARK_JPEGS"].map({ URL(filePath: $0) }) else {
            return print("skipped: set BENCHMARK_JPEGS, or run Tools/benchmark_preprocessing.py")
        }
        let rounds = environment["BENCHMARK_ROUNDS"].flatMap { Int($0) } ?? 15
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .sorted { $0.path() < $1.path() }
            .map { try [UInt8](Data(contentsOf: $0)) }
        let decoder = ImageFileDecoder(options: .init(orientation: .ignore))
        let images = try files.map { try decoder.decode($0) }
        let spec = PreprocessingSpec(height: 224, width: 224, resizeMode: .shortest, interpolation: .bicubic)
        let preprocessor = ImagePreprocessor(spec: spec)
        var image = images[0]
        var (decoding, resizing, whole) = (Measurement(), Measurement(), Measurement())
        for _ in 0..<rounds {
            try decoding.timeCPU { for file in files { try decoder.decode(file, into: &image) } }
            try resizing.timeCPU { for image in images { _ = try preprocessor.preprocess(image) } }
            try whole.timeCPU {
                for file in files {
                    try decoder.decode(file, into: &image)
                    _ = try preprocessor.preprocess(image)
                }
            }
        }
        for (name, times) in [("decoding", decoding), ("resizing and cropping", resizing), ("both", whole)] {
            print("\(name), ms per image   \(times.median * 1000 / Double(files.count))")
        }
    }
}
