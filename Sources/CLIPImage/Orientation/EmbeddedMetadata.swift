/// The EXIF and XMP data of an image file.
struct EmbeddedMetadata {
    /// Further segments of EXIF data are not added to more than this.
    private static let combinedBytes = 1 << 20

    var exif: ArraySlice<UInt8>?
    var xmp: ArraySlice<UInt8>?

    /// Adds the contents of an APP1 segment of a JPEG file.
    ///
    /// EXIF data may be spread over several segments; of several XMP segments, the last counts.
    mutating func add(jpegSegment content: ArraySlice<UInt8>) {
        let (exifPrefix, xmpPrefix) = ("Exif\0\0".utf8, "http://ns.adobe.com/xap/1.0/\0".utf8)
        if content.starts(with: exifPrefix) {
            if exif == nil {
                exif = content
            } else if let count = exif?.count, count <= Self.combinedBytes {
                exif? += content.dropFirst(exifPrefix.count)
            }
        } else if content.starts(with: xmpPrefix) {
            xmp = content.dropFirst(xmpPrefix.count)
        }
    }
}
