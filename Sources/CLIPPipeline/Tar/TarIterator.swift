internal import CLIPCore

/// Iterates over the images of several archives in turn.
struct TarIterator: ImageIterator {
    private static let maximumSidecarBytes = 1 << 20

    private let source: TarSource
    private var rest: ArraySlice<String>
    private var current: (archive: OpenFile, samples: TarSamples)?
    private var ready = ArraySlice<ImageReference>()

    init(_ source: TarSource) {
        self.source = source
        self.rest = source.paths[...]
    }

    mutating func next() -> ImageReference? {
        while true {
            if let image = ready.popFirst() { return image }
            if current == nil {
                guard let path = rest.popFirst() else { return nil }
                do {
                    let archive = try TarFile.open(path)
                    current = (archive, TarSamples(archive))
                } catch {
                    return ImageReference(unknownPart: "\(path)#0", error: error)
                }
            }
            if let image = advance() { return image }
        }
    }

    /// Prepares the images of the next sample, or ends the archive.
    ///
    /// Returns an unreadable image if the archive is damaged.
    private mutating func advance() -> ImageReference? {
        guard let archive = current?.archive else { return nil }
        do throws(TarDamage) {
            if let sample = try current?.samples.next() {
                ready = images(of: sample, in: archive)[...]
                return nil
            }
            current = nil
            return changed(archive)
        } catch {
            current = nil
            if let image = changed(archive) { return image }
            let message =
                "\(archive.name) is damaged at byte \(error.offset): \(error.error.message) The images after that are "
                + "missing. Copy or recreate the archive, then rerun."
            let place = "\(archive.name)#\(error.offset)"
            return ImageReference(unknownPart: place, error: CLIPError(error.error.code, message))
        }
    }

    /// An unreadable image for an archive that was modified after it was opened, so that its images are unknown.
    private func changed(_ archive: OpenFile) -> ImageReference? {
        do {
            try archive.requireUnchanged()
            return nil
        } catch {
            return ImageReference(unknownPart: "\(archive.name)#0", error: error)
        }
    }

    private func images(of sample: TarSample, in archive: OpenFile) -> [ImageReference] {
        let values = Result { try self.values(of: sample, in: archive) }
        let maximumBytes = source.options.maximumFileBytes
        return sample.images.map { image in
            ImageReference(
                id: source.options.ids.id(of: image, in: sample, archive: archive.name),
                version: "\(image.byteCount)@\(image.modified)",
                values: (try? values.get()) ?? source.columns.map { _ in .missing }
            ) { buffer in
                _ = try values.get()
                try image.read(from: archive, maximumBytes: maximumBytes, into: &buffer)
            }
        }
    }

    private func values(of sample: TarSample, in archive: OpenFile) throws -> [ColumnValue] {
        try source.orderedSidecars.map { sidecar in
            let files = sample.sidecars[sidecar] ?? []
            guard let file = files.first else { return .missing }
            let name = "\(PathText.text(file.path[...])) in \(archive.name)"
            guard files.count == 1 else { throw CLIPError(.corruptData, "There are two \(name). Remove one.") }
            guard file.byteCount <= Self.maximumSidecarBytes else {
                let limit = "the limit of \(Self.maximumSidecarBytes) bytes"
                throw CLIPError(.limitExceeded, "\(name) is larger than \(limit). Skip sidecars.")
            }
            var bytes = [UInt8]()
            try file.read(from: archive, maximumBytes: Self.maximumSidecarBytes, into: &bytes)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw CLIPError(.corruptData, "\(name) is not UTF-8 text. Convert it, or skip sidecars.")
            }
            return .text(text)
        }
    }
}
