import CLIPCore
import CLIPTesting

let rule = try VoteRule(margin: 0.05)
try await Conformance.check(rule)
print("VoteRule keeps the contract of a scoring rule.")

let file = CategoryFile(categories: [
    .init(name: "dog", positive: ["a dog", "a puppy"], negative: ["a cat", "a wolf"], threshold: 0.5),
    .init(name: "cat", positive: ["a cat"], negative: ["a dog", "a puppy"], threshold: 1),
])

// In place of a text encoder: a space with the axes canine, feline and wild.
let vectors: [String: [Float]] = [
    "a dog": [1, 0, 0], "a puppy": [0.9, 0.3, 0], "a cat": [0, 1, 0], "a wolf": [0.8, 0, 0.6],
]
let bank = try await PromptBank(file) { texts in
    EmbeddingMatrix(dimension: 3, values: texts.flatMap { vectors[$0, default: [0, 0, 0]] })
}

// In place of a store on disk: four embedded images.
var embeddings = EmbeddingMatrix(dimension: 3, values: [1, 0.1, 0.1, 1, 0, 0.2, 0.8, 0, 0.7, 0.1, 1, 0])
try embeddings.normalizeRows()
let store = MemoryStore(
    provenance: Provenance(.stub(dimension: 3)),
    block: EmbeddingBlock(ids: ["puppy.jpg", "husky.jpg", "wolf.jpg", "cat.jpg"], embeddings: embeddings)
)

let classifier = Classifier(file, bank: bank, rule: rule)
try store.forEachBlock(rows: 4096) { images in
    let decisions = try classifier.classify(images.embeddings)
    for (image, id) in images.ids.enumerated() {
        let votes = file.categories.indices.map { category in
            "\(file.categories[category].name) \(decisions.evidence(image: image, category: category).score)"
        }
        let names = decisions.matches(image: image).map { file.categories[$0].name }
        print("\(id): \(names.isEmpty ? "none" : names.joined(separator: ", ")) (\(votes.joined(separator: ", ")))")
    }
}
