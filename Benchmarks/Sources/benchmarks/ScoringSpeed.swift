/// Deciding for 200,000 stored embeddings, in blocks as `clip-cli classify` does.
enum ScoringSpeed {
    static func run() async throws {
        let block = 4096
        let blocks = 49
        let scoring = try await Scoring(images: block, categories: 20, dimension: 512)
        try scoring.run()
        var times = Measurement()
        for _ in 0..<9 {
            try await times.time { for _ in 0..<blocks { try scoring.run() } }
        }
        print("scoring \(block * blocks) × 512 embeddings against 20 categories, ms   \(Int(times.median * 1000))")
    }
}
