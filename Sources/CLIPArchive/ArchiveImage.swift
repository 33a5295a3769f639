internal import CLIPCore

/// What is known about an image before its contents.
struct ArchiveImage {
    let id: String
    /// The column values, or why they cannot be read.
    let values: Result<[ColumnValue], any Error>
    /// The column values of an image whose values cannot be read.
    let missing: [ColumnValue]

    func reference(to member: ArchiveMember) -> ImageReference {
        ImageReference(
            id: id,
            version: member.version,
            values: (try? values.get()) ?? missing,
            heldByteCount: member.heldByteCount
        ) { [values] buffer in
            _ = try values.get()
            try member.read(into: &buffer)
        }
    }
}
