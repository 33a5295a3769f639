internal import CLIPCore

/// The images of one archive.
struct ArchiveWalk {
    private enum Position {
        case samples
        /// What an archive that is read in order ends with.
        case links(LinkedFiles)
        case end
    }

    private let archive: ArchiveFile
    private let sidecars: [ArchiveSource.Sidecar]
    private let ids: ArchiveSource.IDStyle
    private let rules: MemberRules
    private var samples: ArchiveSamples
    private var position = Position.samples
    private var ready = [ImageReference]()[...]
    private var links = [LinkedImage]()

    /// - Throws: `CLIPError` with code `unreadable` or `unsupportedFormat`.
    init(_ archive: ArchiveFile, _ options: ArchiveSource.Options, _ rules: MemberRules) throws {
        self.archive = archive
        self.rules = rules
        sidecars = ArchiveSource.Sidecar.allCases.filter(options.sidecars.contains)
        ids = options.ids ?? (archive.kind == .zip ? .path : .key)
        samples = ArchiveSamples(try archive.members(rules), rules)
    }

    mutating func next() -> ImageReference? {
        while true {
            if let image = ready.popFirst() { return image }
            switch position {
            case .samples:
                if let unknownPart = advance() { return unknownPart }
            case .links(var files):
                ready = files.next()[...]
                position = ready.isEmpty ? .end : .links(files)
            case .end:
                return nil
            }
        }
    }

    /// Prepares the images of the next sample, or ends the archive.
    ///
    /// Returns an unreadable image if the archive is damaged.
    private mutating func advance() -> ImageReference? {
        do throws(ArchiveDamage) {
            if let sample = try samples.next() {
                ready = images(of: sample)[...]
                return nil
            }
            position = .links(archive.linkedFiles(links, rules))
            return changed
        } catch {
            position = .links(archive.linkedFiles(links, rules))
            if let image = changed { return image }
            let message =
                "\(archive.name) is damaged at byte \(error.offset)\(archive.offsetMeaning): \(error.error.message) "
                + "The images after that are missing. Copy or recreate the archive, then rerun."
            let place = "\(archive.name)#\(error.offset)"
            return ImageReference(unknownPart: place, error: CLIPError(error.error.code, message))
        }
    }

    /// An unreadable image for an archive that was modified after it was opened, so that its images are unknown.
    private var changed: ImageReference? {
        do {
            try archive.requireUnchanged()
            return nil
        } catch {
            return ImageReference(unknownPart: "\(archive.name)#0", error: error)
        }
    }

    private mutating func images(of sample: ArchiveSample) -> [ImageReference] {
        let values = Result { try self.values(of: sample) }
        return sample.images.compactMap { member in
            let image = ArchiveImage(
                id: ids.id(of: member, in: sample, archive: archive.name),
                values: values,
                missing: sidecars.map { _ in .missing }
            )
            guard case .link(let entry) = member.contents else { return image.reference(to: member) }
            links.append(LinkedImage(image: image, link: entry))
            return nil
        }
    }

    private func values(of sample: ArchiveSample) throws -> [ColumnValue] {
        try sidecars.map { sidecar in
            let files = sample.sidecars[sidecar.rawValue] ?? []
            guard let file = files.first else { return .missing }
            let name = "\(PathText.text(file.path[...])) in \(archive.name)"
            guard files.count == 1 else { throw CLIPError(.corruptData, "There are two \(name). Remove one.") }
            guard file.byteCount <= MemberRules.maximumSidecarBytes else {
                let limit = "the limit of \(MemberRules.maximumSidecarBytes) bytes"
                throw CLIPError(.limitExceeded, "\(name) is larger than \(limit). Skip sidecars.")
            }
            guard case .readable = file.contents else {
                let reason = "it is a link, which cannot be followed in an archive that is read in order"
                throw CLIPError(
                    .unsupportedFormat,
                    "Cannot read \(name): \(reason). Decompress the archive, or skip sidecars."
                )
            }
            var bytes = [UInt8]()
            try file.read(into: &bytes)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw CLIPError(.corruptData, "\(name) is not UTF-8 text. Convert it, or skip sidecars.")
            }
            return .text(text)
        }
    }
}
