internal import CLIPCore
internal import CLIPDigest
internal import CLIPModels
internal import CLIPTesting
internal import CLIPTokenizers

/// A bundle's `model.json`, beside the vocabularies that it may name.
let modelTargets = [
    FuzzTarget(
        "model-json",
        of: [
            "CLIPModels/Bundle/ModelManifest.swift", "CLIPModels/Bundle/JSONFile.swift",
            "CLIPModels/Bundle/TokenizerManifest.swift",
        ],
        within: .init(mebibytes: 32, perByte: 2048)
    ) { input in
        guard let (folder, hashes) = try? files.get() else { fatalError("the fixtures of the tokenizers are missing") }
        // No mutation guesses a hash.
        let json = hashes.reduce(input) { $0.replacing("{sha256:\($1.key)}".utf8, with: $1.value.utf8) }
        try write(json, to: "\(folder.path)/model.json")
        let bundle = try ModelBundle(path: folder.path, cacheFolder: nil)
        _ = bundle.facts
        _ = try bundle.tokenizer().tokenize("a photo of a cat.")
    }
]

/// A folder with a vocabulary of each kind, in which only `model.json` changes.
private let files = Result {
    let folder = try TemporaryFolder(in: "/dev/shm")
    let fixtures = "CLIPTokenizersTests/Fixtures"
    let contents = [
        "vocab.txt": Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nphoto\n##s\nof\ncat\n.\n".utf8),
        "unigram_bytes.json": try FileBytes.read(fixture("\(fixtures)/unigram_bytes.json")),
        "partial.json": try FileBytes.read(fixture("\(fixtures)/sentencepiece_bpe/partial.json")),
    ]
    for (name, bytes) in contents { try folder.write(bytes, to: name) }
    return (folder, contents.mapValues(SHA256.hexadecimal(of:)))
}
