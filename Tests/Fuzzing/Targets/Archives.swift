internal import CLIPArchive
internal import CLIPCore

/// Archives, by the names that decide about compression.
let archiveTargets = [
    FuzzTarget("tar") { try walk($0, ending: ".tar") },
    FuzzTarget("tar-gz") { try walk($0, ending: ".tar.gz") },
    FuzzTarget("tar-bz2") { try walk($0, ending: ".tar.bz2") },
    FuzzTarget("tar-xz") { try walk($0, ending: ".tar.xz") },
    FuzzTarget("tar-zst") { try walk($0, ending: ".tar.zst") },
    FuzzTarget("zip") { try walk($0, ending: ".zip") },
]

/// Reads every image of an archive.
private func walk(_ input: [UInt8], ending: String) throws {
    try withFile(input, ending: ending) { path in
        wait {
            var images = try ArchiveSource(paths: [path]).makeIterator()
            var file = [UInt8]()
            while let image = try await images.next() { _ = try? await image.read(into: &file) }
        }
    }
}
