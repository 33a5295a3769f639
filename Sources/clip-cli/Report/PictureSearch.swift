internal import CLIPCore
internal import CLIPHTTP
internal import CLIPImage
internal import CLIPImageFormats
internal import CLIPPipeline
internal import CLIPReport

/// Finds the pictures of a page's images in the sources of runs.
struct PictureSearch {
    private var pictures: ReportThumbnails
    private let wanted: Int
    private let http: HTTPReader.Options
    private let maximumFileBytes: Int
    private let maker: ThumbnailMaker
    private var failures = [String]()

    /// - Parameters:
    ///   - ids: The images to find.
    ///   - http: How images are read from the web.
    ///   - limits: The largest images that are read.
    ///   - longSide: The longer side of the pictures in pixels.
    init(ids: [String], http: HTTPReader.Options, limits: DecodingLimits, longSide: Int) {
        self.pictures = ReportThumbnails(ids: ids)
        self.wanted = ids.count
        self.http = http
        maximumFileBytes = limits.maxBytes
        let decoding = limits.options(.apply, allowTruncated: true)
        maker = ThumbnailMaker(longSide: longSide, decoding: decoding, formats: .all)
    }

    /// Looks for the images in the given sources, or otherwise in those of a store's runs, latest first.
    ///
    /// - Parameters:
    ///   - given: The sources of --images and --files-from.
    ///   - sources: The sources of the store's runs.
    ///   - store: The path of the store.
    ///   - isFromStore: Whether the store has any of the images.
    /// - Returns: The pictures that were found.
    /// - Throws: `CLIPError` when a given source cannot be read, and with code `notFound` when none of the images is found.
    mutating func pictures(
        given: SourceRecord?,
        sources: [SourceRecord],
        store: String,
        isFromStore: Bool
    ) async throws -> ReportThumbnails {
        for record in given.map({ [$0] }) ?? sources.reversed() {
            try await look(in: record, mustExist: given != nil)
        }
        return try found(store: store, isFromStore: isFromStore, isPlaceGiven: given != nil)
    }

    /// How many images have no picture, as a sentence; `nil` if all have one.
    var missingNote: String? {
        let missing = wanted - pictures.readCount
        guard missing > 0 else { return nil }
        let (verb, files) = missing == 1 ? ("has", "its file was") : ("have", "their files were")
        return "\(missing) of \(Text.count(wanted, "image")) \(verb) no picture: "
            + "\(files) not found or could not be read."
    }

    /// Looks for the images that are still missing.
    ///
    /// - Parameters:
    ///   - record: Where to look.
    ///   - mustExist: Whether a missing source is an error; otherwise it is noted.
    /// - Throws: `CLIPError` when a source that must exist cannot be read.
    private mutating func look(in record: SourceRecord, mustExist: Bool) async throws {
        guard pictures.readCount < wanted else { return }
        guard mustExist || !record.lists.contains("-") else {
            return failures.append("they were listed on standard input")
        }
        do {
            try await read(record)
        } catch let error as CLIPError where !mustExist {
            failures.append("in \(record.directory): \(error)")
        }
    }

    private func found(store: String, isFromStore: Bool, isPlaceGiven: Bool) throws -> ReportThumbnails {
        guard wanted > 0, pictures.foundCount == 0 else { return pictures }
        guard !isPlaceGiven else {
            throw CLIPError(
                .notFound,
                "None of the images in the results were found in --images and --files-from. Pass the sources as you did to 'embed' "
                    + "for \(store), so that ids resolve to the same files."
            )
        }
        guard isFromStore else {
            throw CLIPError(
                .notFound,
                "None of the images in the results are in the store \(store). Pass the store that the results come from, or the "
                    + "sources of the images with --images."
            )
        }
        let reasons = failures + [pictures.firstFailure].compactMap(\.self)
        let reason = reasons.isEmpty ? "" : " (\(reasons.joined(separator: "; ")))"
        throw CLIPError(
            .notFound,
            "The images in the results are no longer where 'embed' found them\(reason). "
                + "Pass their sources with --images, as you did to 'embed' for \(store), so that ids resolve to the same "
                + "files."
        )
    }

    private mutating func read(_ record: SourceRecord) async throws {
        let concurrency = record.isRemote ? http.maximumConnections : ProcessorCount.current
        var pictures = pictures
        try await WorkingDirectory.change(to: record.directory) {
            try await pictures.read(
                from: record.source(http: http, maximumFileBytes: maximumFileBytes),
                in: record.directory,
                concurrency: concurrency,
                thumbnail: maker.thumbnail
            )
        }
        self.pictures = pictures
    }
}
