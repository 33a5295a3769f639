internal import CLIPCore
internal import CLIPImage

/// Files that start as HEIF and may hold images of any coding.
enum HEIFFormat {
    /// Reads the header of a file whose image is coded as HEVC or AV1.
    static func open(_ data: [UInt8]) throws(CLIPError) -> any ImageFile {
        let container = try HEIFContainer(data)
        switch try container.coding(of: container.primary) {
        case "hvc1": return try HEICFile(container)
        case "av01": return try AVIFFile(data)
        case let coding: throw .unsupported("HEIF", "an image with coding \"\(coding)\"")
        }
    }
}
