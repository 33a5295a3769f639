let benchmarks: [(name: String, run: () async throws -> Void)] = [
    ("encoding-beside-scoring", EncodingBesideScoring.run),
    ("scoring-speed", ScoringSpeed.run),
    ("stored-decisions", StoredDecisions.run),
    ("preprocessing-speed", PreprocessingSpeed.run),
    ("reading-speed", ReadingSpeed.run),
    ("embedding-speed", EmbeddingSpeed.run),
    ("text-results", TextResults.run),
    ("near-duplicates", NearDuplicateSpeed.run),
]

let wanted = CommandLine.arguments.dropFirst()
for benchmark in benchmarks where wanted.isEmpty || wanted.contains(benchmark.name) {
    print("== \(benchmark.name)")
    try await benchmark.run()
}
