import CLIPCore

let file = CategoryFile(
    categories: [
        .init(name: "dog", positive: ["a dog", "a puppy"], negative: ["a cat", "a wolf"], threshold: 0.5),
        .init(name: "cat", positive: ["a cat"], negative: ["a dog", "a puppy"], threshold: 1),
    ],
    rule: .custom(VoteRule())
)

// In place of a text encoder, vectors with the axes canine, feline and wild.
let vectors: [String: [Float]] = [
    "a dog": [1, 0, 0], "a puppy": [0.9, 0.3, 0], "a cat": [0, 1, 0], "a wolf": [0.8, 0, 0.6],
]
let classifier = try Classifier(file, bank: PromptBank(file, vectors: vectors))

// In place of a store, four embedded images.
let images = try EmbeddingMatrix(rows: [[1, 0.1, 0.1], [1, 0, 0.2], [0.8, 0, 0.7], [0.1, 1, 0]]).normalized()
for image in try classifier.classify(images, ids: ["puppy.jpg", "husky.jpg", "wolf.jpg", "cat.jpg"]) {
    print(image.id, image.matches.map(\.name), image.map(\.score))
}
