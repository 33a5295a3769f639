internal import CLIPArchive
internal import CLIPCore
internal import CLIPPipeline

/// Archives, by the names that decide about compression.
let archiveTargets = [
    archive("tar", of: ["Tar", "Member"], mebibytes: 32, isAlsoRemote: true),
    archive("tar.gz", of: ["Compression/InflateDecoder.swift", "Compression/StreamDecoder.swift"], mebibytes: 32),
    archive("tar.bz2", of: ["Compression/BZip2Decoder.swift"], mebibytes: 32),
    // What Docs/ImageSources.md allows these two.
    archive("tar.xz", of: ["Compression/XZDecoder.swift"], mebibytes: 32 + 256),
    archive("tar.zst", of: ["Compression/ZstdDecoder.swift"], mebibytes: 32 + 128),
    archive("zip", of: ["Zip", "Compression/CRC32.swift"], mebibytes: 32, isAlsoRemote: true),
]

private let options = ArchiveSource.Options(files: .init(maximumFileBytes: 1 << 20))

/// Reads every image of an archive, of at most a MiB.
///
/// A remote archive is read in order, with other code.
private func archive(_ kind: String, of sources: [String], mebibytes: Int, isAlsoRemote: Bool = false) -> FuzzTarget {
    let limits = FuzzTarget.Limits(mebibytes: mebibytes, perByte: 4096, seconds: 20)
    let name = kind.replacing(".", with: "-")
    return FuzzTarget(name, of: sources.map { "CLIPArchive/\($0)" }, within: limits) { input in
        try withFile(input, ending: ".\(kind)") { path in
            wait {
                let source = ArchiveSource(paths: [path], options: options)
                _ = try await source.count()
                try await readImages(of: source)
            }
        }
        guard isAlsoRemote else { return }
        wait {
            let locations = ImageLocations(readers: [InMemory(bytes: input)])
            try await readImages(of: ArchiveSource(paths: ["s3://b/a.\(kind)"], options: options, locations: locations))
        }
    }
}

private func readImages(of source: ArchiveSource) async throws {
    var images = try source.makeIterator()
    var file = [UInt8]()
    while let image = try await images.next() { _ = try? await image.read(into: &file) }
}

/// The input as a file on another machine.
private struct InMemory: PartialReader, RemoteFile {
    let bytes: [UInt8]

    var schemes: [String] { ["s3"] }
    var byteCount: Int { bytes.count }

    func open(_ location: String) async throws -> any RemoteFile { self }

    func read(_ location: String, maximumBytes: Int, into buffer: inout [UInt8]) async throws {
        buffer = bytes
    }

    func read(at offset: Int, count: Int, into buffer: inout [UInt8]) async throws {
        buffer = Array(bytes[offset..<(offset + count)])
    }
}
