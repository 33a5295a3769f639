internal import CLIPCore
internal import Synchronization

/// Reads, decodes and preprocesses a few images in parallel.
struct ParallelPreparation: Sendable {
    private let decoder: any ImageDecoder
    private let preprocessor: ImagePreprocessor
    private let workers: Int
    private let executor: BlockingExecutor

    init(decoder: any ImageDecoder, spec: PreprocessingSpec, workers: Int) {
        self.decoder = decoder
        self.workers = workers
        preprocessor = ImagePreprocessor(spec: spec)
        executor = BlockingExecutor(threads: workers)
    }

    /// The preprocessed images, in order, or the error for each image that failed.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary`, which affects all images; `CancellationError`.
    func pixels(of images: ArraySlice<ImageReference>) async throws -> [Result<[UInt8], CLIPError>] {
        let places = Places(images.indices)
        let prepared = try await withThrowingTaskGroup(of: [(Int, Result<[UInt8], CLIPError>)].self) { group in
            for _ in 0..<min(workers, images.count) {
                group.addTask(executorPreference: executor) {
                    var workspace = Workspace()
                    var prepared = [(Int, Result<[UInt8], CLIPError>)]()
                    while let index = places.take() {
                        try Task.checkCancellation()
                        prepared.append((index, try await pixels(of: images[index], &workspace)))
                    }
                    return prepared
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        return prepared.sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// Reusable memory of one worker.
    private struct Workspace {
        var file = [UInt8]()
        var image = PixelImage()
    }

    private func pixels(
        of image: ImageReference,
        _ workspace: inout Workspace
    ) async throws -> Result<[UInt8], CLIPError> {
        do {
            try await image.read(into: &workspace.file)
        } catch {
            return .failure(try Self.failure(error) ?? CLIPError(.unreadable, "Cannot read \(image.id).", cause: error))
        }
        do {
            try decoder.decode(workspace.file, into: &workspace.image)
            return .success(try preprocessor.preprocess(workspace.image))
        } catch {
            let failure = try Self.failure(error)
            return .failure((failure ?? CLIPError(.corruptData, "\(error)")).about(image.id))
        }
    }

    /// Returns the error of one image, and throws one that affects all images.
    private static func failure(_ error: any Error) throws -> CLIPError? {
        if error is CancellationError { throw error }
        guard let failure = error as? CLIPError else { return nil }
        if failure.code == .missingLibrary { throw failure }
        return failure
    }
}

/// Hands out each position once, to whichever worker asks next.
private final class Places: Sendable {
    private let rest: Mutex<Range<Int>>

    init(_ places: Range<Int>) {
        rest = Mutex(places)
    }

    func take() -> Int? {
        rest.withLock { $0.popFirst() }
    }
}
