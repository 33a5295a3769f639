import CLIPCore
import CLIPEvaluation
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Prints the numbers that Docs/Suggestions.md states: `make simulate`.
@Suite(.serialized, .enabled(if: getenv("OPENCLIP_SIMULATE") != nil)) struct SuggestionSimulations {
    private static let cats = CategoryFile(categories: [.init(name: "cat", positive: ["cat"], threshold: 0.5)])

    /// Collections without anything to find; cats differ from the rest by a score with noise.
    @Test func nothingToFind() async throws {
        print(
            "\nsuggest, where there is nothing to find | suggestions for the category | for neutral descriptions, in percent"
        )
        for (cats, others, noise) in [
            (15, 45, 0.12), (25, 75, 0.12), (50, 100, 0.12), (50, 250, 0.16), (150, 350, 0.12),
        ] {
            let runs = Simulation.collections
            let found = try await Simulation.results(runs, seed: 1000) { generator in
                var world = SuggestionWorld(seed: generator.next())
                world.add(cats, ["cat": 0.5], isCat: true, noise: Float(noise))
                world.add(others, ["cat": 0.2], isCat: false, noise: Float(noise))
                return try await world.suggestions(Self.cats, partitions: 4).suggestions.map { !$0.changes.isEmpty }
            }
            let percentages = (0..<2).map { index in
                DecimalText.fixed(100 * Double(found.count { $0[index] }) / Double(runs), digits: 1)
            }
            print("| \(cats) cats, \(others) others | \(percentages.joined(separator: " | ")) |")
        }
    }

    /// A quarter of the images are foxes, which look like cats: how often that is found, and whether the gain is as large as
    /// promised among 4000 other images.
    @Test func foxesToFind() async throws {
        print(
            "\nsuggest, foxes among cats | found, percent | gain on held-out images | true gain, percentage points of F1"
        )
        for (cats, foxes, others) in [(20, 20, 40), (50, 50, 100)] {
            let runs = Simulation.collections
            let gains = try await Simulation.results(runs) { generator -> (estimated: Double, real: Double)? in
                let seed = generator.next()
                let world = Self.world(seed: seed, cats, foxes, others)
                let suggestion = try await world.suggestions(Self.cats, partitions: 4).suggestions[0]
                guard let attempt = suggestion.attempt, suggestion.changes.contains(where: { $0.text == "fox" }) else {
                    return nil
                }
                return (attempt.gain.value, try await Self.gain(suggestion.changes, seed: seed))
            }.compactMap(\.self)
            let found = gains.count
            let (estimated, real) = gains.reduce((0, 0)) { ($0.0 + $1.estimated, $0.1 + $1.real) }
            let numbers =
                [100 * Double(found) / Double(runs)] + [estimated, real].map { 100 * $0 / Double(max(found, 1)) }
            let columns = numbers.map { DecimalText.fixed($0, digits: 1) }
            print("| \(cats) cats, \(foxes) foxes, \(others) others | \(columns.joined(separator: " | ")) |")
        }
    }

    private static func world(
        seed: UInt64,
        vocabulary: UInt64? = nil,
        _ cats: Int,
        _ foxes: Int,
        _ others: Int
    ) -> SuggestionWorld {
        var world = SuggestionWorld(seed: vocabulary == nil ? seed : seed &+ 10_000, vocabularySeed: vocabulary ?? seed)
        world.add(cats, ["cat": 0.7], isCat: true, noise: 0.14)
        world.add(foxes, ["cat": 0.7, "fox": 0.4], isCat: false)
        world.add(others, ["car": 0.7], isCat: false)
        return world
    }

    /// The difference of the largest F1 that a threshold reaches with and without the changes.
    private static func gain(_ changes: [DescriptionChange], seed: UInt64) async throws -> Double {
        let world = world(seed: seed, vocabulary: seed, 1000, 1000, 2000)
        var changed = cats
        for change in changes where change.action == .add {
            if change.role == .negative { changed.categories[0].negative.append(change.text) }
            if change.role == .positive { changed.categories[0].positive.append(change.text) }
        }
        var figures = [Double]()
        for file in [changed, cats] {
            let images = world.images
            let evidence = try await Classifier(file, embedder: world.embedder).score(images.embeddings)
            let order = evidence.indices.sorted { evidence[$0].score > evidence[$1].score }
            var (positives, best) = (0, 0.0)
            for (rank, image) in order.enumerated() {
                if images.truth(image: image, category: 0) == true { positives += 1 }
                best = max(best, 2 * Double(positives) / Double(rank + 1 + 1000))
            }
            figures.append(best)
        }
        return figures[0] - figures[1]
    }
}
