package import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The result of making a store from the files that a cluster's tasks wrote.
///
/// The tasks write into the folder `_staging` of the future store, each attempt under names of its own. The program that
/// ran them lists in `_staging/manifest.json` the files of those attempts that count.
package struct StoreAdoption: Sendable, Hashable {
    /// The number of vectors.
    package let rowCount: Int
    /// The number of files with vectors.
    package let partCount: Int
    /// The number of failed images.
    package let failureCount: Int
    /// The origin of the vectors.
    package let provenance: Provenance
    /// The number of files in `_staging` that no counting attempt wrote.
    package let otherFileCount: Int
    /// Whether these files were removed.
    package let removedOthers: Bool
}

extension StoreAdoption {
    /// Options for an adoption.
    package struct Options {
        /// The number of images that must be embedded or failed; `nil` if it is not known.
        package var expectedCount: Int?
        /// Whether to remove staged files that no counting attempt wrote; no task may still be running.
        package var removesOthers = false
        /// How many ids are compared at a time, at 16 bytes each.
        package var idsPerPass = 1 << 24

        /// Creates options.
        package init(expectedCount: Int? = nil, removesOthers: Bool = false) {
            self.expectedCount = expectedCount
            self.removesOthers = removesOthers
        }
    }

    /// Checks all listed files, then gives them their names in the store without rewriting them.
    ///
    /// Nothing changes before everything has been checked. If it is interrupted, doing it again completes it.
    ///
    /// - Parameters:
    ///   - path: The folder that contains `_staging` and becomes a store.
    ///   - model: The model that the vectors must come from.
    ///   - options: What to expect and to remove.
    ///   - files: Announces changes.
    /// - Returns: What the store contains.
    /// - Throws: `CLIPError` with code `notFound` if there is no manifest or a listed file is missing, `corruptData` if
    ///   a file is not what its task wrote, `modelMismatch`, `invalidEmbeddings` if an image was embedded twice, or
    ///   embedded and failed, a vector is not of unit length or the number of images is another, `storage` if the folder is a store
    ///   already or cannot be written.
    package static func run(
        path: String,
        model: ModelDescription,
        options: Options = Options(),
        files: StoreFiles = StoreFiles()
    ) throws -> StoreAdoption {
        let layout = StoreLayout(folder: path)
        _ = try AdoptionManifest(layout)
        let lock = try StoreLock(folder: path)
        // The list may have been adopted while this waited.
        let manifest = try AdoptionManifest(layout)
        return try lock.explainingConflicts {
            try adopt(manifest, layout, model: model, options, files.guarded(by: lock))
        }
    }

    private static func adopt(
        _ manifest: AdoptionManifest,
        _ layout: StoreLayout,
        model: ModelDescription,
        _ options: Options,
        _ files: StoreFiles
    ) throws -> StoreAdoption {
        let parts = try manifest.parts.enumerated().map {
            try StagedFile($1, part: PartName($0), layout: layout)
        }
        try requireNoOtherParts(than: parts, layout)
        let failures = try manifest.rejects.flatMap {
            try StagedContents.failures(StagedFile($0, part: nil, layout: layout))
        }
        let identity = try identity(of: parts, model: model, failures: failures, layout)
        let rowCount = parts.reduce(0) { $0 + $1.entry.rows }
        try requireCount(rowCount + failures.count, options, layout)
        try DistinctIDs(
            paths: parts.map(\.path),
            failed: Set(failures.map { ImageIDKey($0.id) }),
            count: rowCount,
            idsPerPass: options.idsPerPass
        ).check()

        func writeFailures(isComplete: Bool) throws {
            try FailuresFile.write(
                failures,
                isComplete: isComplete,
                sources: [],
                metadata: identity.provenance.metadata,
                layout: layout,
                files: files
            )
        }
        try layout.removeLeftovers(files)
        try writeFailures(isComplete: false)
        for part in parts { try part.move(layout, files: files) }
        try PendingFile.sync(folder: layout.folder)
        try writeFailures(isComplete: true)
        let staging = StagingFolder(layout: layout, files: files)
        let others = try staging.close(manifest, removesOthers: options.removesOthers)
        return StoreAdoption(
            rowCount: rowCount,
            partCount: parts.count,
            failureCount: failures.count,
            provenance: identity.provenance,
            otherFileCount: others,
            removedOthers: options.removesOthers
        )
    }

    private static func requireNoOtherParts(than parts: [StagedFile], _ layout: StoreLayout) throws {
        try FailuresFile.requireOwn(layout)
        let own = Set(parts.compactMap(\.part))
        guard let other = try layout.parts().first(where: { !own.contains($0) }) else { return }
        throw CLIPError(
            .storage,
            "\(layout.folder) already is a store: it has \(other.fileName), which \(layout.manifest) does not list. "
                + "Adopt into a folder without a store."
        )
    }

    /// Checks all files with vectors.
    private static func identity(
        of parts: [StagedFile],
        model: ModelDescription,
        failures: [FailedImage],
        _ layout: StoreLayout
    ) throws -> StoreIdentity {
        guard let first = parts.first else {
            let reason = failures.first.map { ": \(failures.count) images failed, '\($0.id)' because \($0.reason)" }
            throw CLIPError(
                .invalidEmbeddings,
                "\(layout.manifest) lists no vectors\(reason ?? ""). Give the job images that can be embedded."
            )
        }
        let identity = try StagedContents.check(first, model: model)
        for part in parts.dropFirst() {
            try identity.requireSame(StagedContents.check(part, model: model), folder: first.path)
        }
        return identity
    }

    private static func requireCount(_ count: Int, _ options: Options, _ layout: StoreLayout) throws {
        guard let expected = options.expectedCount, expected != count else { return }
        throw CLIPError(
            .invalidEmbeddings,
            "\(layout.manifest) lists \(count) images, embedded or failed, but \(expected) are expected. The tasks' input "
                + "was not what was counted: run the job again."
        )
    }
}
