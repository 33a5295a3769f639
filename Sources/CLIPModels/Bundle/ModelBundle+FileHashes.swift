internal import CLIPCache
internal import CLIPCore

extension ModelBundle {
    /// Reads and verifies every file of the bundle, ignoring cached results, and caches the new ones.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` if a file is missing or modified.
    package func verifyFiles() throws {
        for name in manifest.files.keys.sorted() { try require(name, reads: true) }
    }

    /// Calls `body` with the path of a file that `model.json` lists, after verifying it.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` if the file is missing, modified, or changes during the call;
    ///   what `body` throws.
    package func withFile<Value>(_ name: String, _ body: (_ path: String) throws -> Value) throws -> Value {
        try withFiles([name]) { try body(file(name)) }
    }

    /// Calls `body` after verifying files that `model.json` lists.
    ///
    /// - Throws: As ``withFile(_:_:)``, for each of the files.
    func withFiles<Value>(_ names: [String], _ body: () throws -> Value) throws -> Value {
        let states = names.map { FileState(path: file($0)) }
        for name in names { try require(name) }
        let value = try body()
        for (name, state) in zip(names, states) where FileState(path: file(name)) != state {
            throw CLIPError(
                .invalidModel,
                "\(file(name)) changed while it was being loaded. Try again once it is complete."
            )
        }
        return value
    }

    /// Verifies a file that `model.json` lists.
    ///
    /// - Parameters:
    ///   - name: The file.
    ///   - reads: Whether to read it even if a cached result exists.
    /// - Throws: `CLIPError` with code `invalidModel` if it is missing or modified.
    package func require(_ name: String, reads: Bool = false) throws {
        guard let expected = manifest.files[name]?.lowercased() else {
            preconditionFailure("model.json must list the file")
        }
        let actual: String
        do {
            actual = try checkedFiles.sha256(ofFile: file(name), expected: expected, reads: reads)
        } catch let error as CLIPError where error.code == .notFound {
            throw CLIPError(
                .invalidModel,
                "The bundle \(path) is incomplete: \(name), which model.json lists, is missing. \(Self.copyAgain)"
            )
        }
        guard actual == expected else {
            throw CLIPError(
                .invalidModel,
                "The bundle \(path) was modified: \(name) has sha256 \(actual.prefix(12))…, but model.json says "
                    + "\(expected.prefix(12))…. \(Self.copyAgain)"
            )
        }
    }

    /// An export on another machine, or with other libraries, may differ in a few bits, and stores of one refuse the other.
    private static let copyAgain =
        "Copy it again from where it is whole. A bundle that is exported again may count as another "
        + "model, which stores of this one refuse."
}
