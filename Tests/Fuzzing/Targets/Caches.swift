internal import CLIPCache
internal import CLIPCore
internal import CLIPDigest
internal import CLIPTesting
internal import Foundation

/// A file of cached records.
///
/// Other users cannot write one, but a disk may damage it.
let cacheTargets = [
    FuzzTarget(
        "cache",
        of: ["CLIPCache/RecordFile.swift", "CLIPCache/RecordFile+Update.swift", "CLIPCache/TextVectorCache.swift"]
    ) { input in
        guard let (folder, path) = try? files.get() else { fatalError("there is no folder for the cache") }
        try write(withDigest(input), to: path)
        // With room for more than an input has.
        let cache = TextVectorCache(folder: folder.path, encoder: encoder, dimension: dimension, maximumBytes: 1 << 20)
        let texts = ["a", "b", "c"]
        let vectors = cache.vectors(of: texts).map { $0?.map(\.bitPattern) }
        // The file is written again where its dates are not of today.
        precondition(cache.vectors(of: texts).map { $0?.map(\.bitPattern) } == vectors, "a vector has changed")
        cache.remember(.init(dimension: dimension, values: [1, 2, 3, 4]), of: ["a"])
        precondition(cache.vectors(of: ["a"]) == [[1, 2, 3, 4]], "a vector is not remembered")
    }
]

private let encoder = "stub"
private let dimension = 4

/// The folder, and the file that the encoder's cache has.
private let files = Result {
    let folder = try TemporaryFolder(in: "/dev/shm")
    let cache = TextVectorCache(folder: folder.path, encoder: encoder, dimension: dimension)
    cache.remember(.init(dimension: dimension, values: [1, 0, 0, 0]), of: ["a"])
    guard let name = folder.names().first else { throw POSIXError(.ENOENT) }
    return (folder, "\(folder.path)/\(name)")
}

/// No mutation guesses a hash: that of the keys, which follows them, is put right.
private func withDigest(_ input: [UInt8]) -> [UInt8] {
    guard input.count >= RecordFile.headBytes else { return input }
    let count = Int(input[12]) | Int(input[13]) << 8
    let end = RecordFile.headBytes + count * RecordFile.entryBytes
    guard end <= input.count else { return input }
    var hash = SHA256()
    input.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<end])) }
    let digest = hash.digest()
    return input[..<end] + digest + input.dropFirst(end + digest.count)
}
