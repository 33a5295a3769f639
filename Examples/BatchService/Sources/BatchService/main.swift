import CLIPCore
import CLIPImage
import CLIPPipeline
import CLIPTorch

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

guard CommandLine.arguments.count > 1 else {
    print("Usage: BatchService CATEGORIES [MODEL] < paths > answers.jsonl")
    exit(2)
}
let categories = try CategoryFile(contentsOf: CommandLine.arguments[1])
let model = CommandLine.arguments.dropFirst(2).first ?? "default"
let bundle = try ModelBundle(named: model)
let bank = try await PromptBank(categories, embedder: bundle.textEmbedder())
let sorter = ImageSorter(
    embedder: ImageEmbedder(
        decoder: ImageFileDecoder(),
        encoder: try bundle.imageEncoder(),
        options: .init(batchSize: 16)
    ),
    classifier: try Classifier(categories, bank: bank)
)

// A larger batch takes less time per image; an image waits at most this long for the batch to fill.
let queue = BatchQueue<ImageReference>(batchSize: 16, capacity: 64, patience: .milliseconds(20))
let reading = Task {
    do {
        var paths = try ListSource(contentsOf: "/dev/stdin").makeIterator()
        while let image = try await paths.next() { await queue.append(image) }
        await queue.close()
    } catch {
        await queue.close()
        throw error
    }
}
while let images = await queue.next() {
    for answer in await sorter.answers(to: images) { print(try answer.line()) }
    fflush(nil)
}
try await reading.value
