internal import CLIPCache
internal import CLIPCore

extension ModelBundle {
    /// Reads every file of the bundle and checks it, whatever is remembered, and remembers the result.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` when a file is missing or altered.
    public func verifyFiles() throws {
        for name in manifest.files.keys.sorted() { try require(name, reads: true) }
    }

    /// Uses one of the files that `model.json` lists, once it is checked.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` when it is missing or altered, also while it was used; what `body` throws.
    package func withFile<Value>(_ name: String, _ body: (_ path: String) throws -> Value) throws -> Value {
        let path = file(name)
        let state = FileState(path: path)
        try require(name)
        let value = try body(path)
        guard FileState(path: path) == state else {
            throw CLIPError(.invalidModel, "\(path) was written while it was loaded. Run again once it is complete.")
        }
        return value
    }

    /// Checks one of the files that `model.json` lists.
    ///
    /// - Parameters:
    ///   - name: The file.
    ///   - reads: Whether it is read even when it is remembered that it is right.
    /// - Throws: `CLIPError` with code `invalidModel` when it is missing or altered.
    package func require(_ name: String, reads: Bool = false) throws {
        guard let expected = manifest.files[name]?.lowercased() else {
            preconditionFailure("model.json lists the files that are used")
        }
        let actual: String
        do {
            actual = try checkedFiles.sha256(ofFile: file(name), expected: expected, reads: reads)
        } catch let error as CLIPError where error.code == .notFound {
            throw CLIPError(
                .invalidModel,
                "The bundle \(path) is incomplete: \(name), which model.json lists, is missing. Export it again."
            )
        }
        guard actual == expected else {
            throw CLIPError(
                .invalidModel,
                "The bundle \(path) was altered: \(name) has sha256 \(actual.prefix(12))…, but model.json says "
                    + "\(expected.prefix(12))…. Export it again."
            )
        }
    }
}
