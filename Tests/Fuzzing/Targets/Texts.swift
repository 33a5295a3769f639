internal import CLIPCore
internal import CLIPPipeline
internal import CLIPTokenizers

/// Lists, patterns and descriptions.
let textTargets = [
    FuzzTarget("cleaning", of: ["CLIPTokenizers/Cleaning"]) { input in
        let given = text(input)
        for cleaning in TextCleaning.allCases { _ = cleaning.clean(given) }
    },
    FuzzTarget(
        "list",
        of: [
            "CLIPPipeline/Source/ListSource.swift", "CLIPPipeline/Source/LineReader.swift",
            "CLIPPipeline/Location/ImageLocations.swift", "CLIPPipeline/Location/FileURI.swift",
            "CLIPPipeline/Location/PercentEncoding.swift", "CLIPPipeline/Location/SignedQuery.swift",
        ]
    ) { input in
        try withFile(input, ending: ".txt") { path in
            wait {
                let source = try ListSource(contentsOf: path)
                let count = try await source.count()
                var images = try source.makeIterator()
                var found = 0
                while try await images.next() != nil { found += 1 }
                precondition(found == count, "a list has other images than it counts")
                // Paths of a hostile list lead anywhere: only URIs are read, and lead nowhere.
                let uris = text(input).split(separator: "\n").map(String.init).filter { line in
                    ImageLocations.scheme(of: ImageLocations.withoutBlanks(line)).map { $0 != "file" } ?? false
                }
                var given = try ListSource(paths: uris, locations: ImageLocations(readers: [Nowhere()])).makeIterator()
                var file = [UInt8]()
                while let image = try await given.next() { _ = try? await image.read(into: &file) }
            }
        }
    },
    // A pattern may ask for a million texts, which take a second; a thousand show the same.
    FuzzTarget("pattern", of: ["CLIPPipeline/Pattern"], within: .init(mebibytes: 32, seconds: 10)) { input in
        let lines = text(input).split(separator: "\n", maxSplits: 1).map(String.init)
        guard let pattern = lines.first, pattern.utf8.count < 200 else { return }
        _ = try BracePattern.expand(pattern, most: 1000)
        _ = try GlobPattern(pattern).matches(String((lines.dropFirst().first ?? pattern).prefix(200)))
    },
]

/// Reads every URI as an empty file.
private struct Nowhere: LocationReader {
    let schemes = ["http", "https", "s3"]

    func read(_ location: String, maximumBytes: Int, into buffer: inout [UInt8]) async throws {
        buffer.removeAll(keepingCapacity: true)
    }
}
