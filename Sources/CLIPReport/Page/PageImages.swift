/// The pictures of a page's images: equal ones are there once.
struct PageImages {
    /// An image's picture, or why there is none, and where the image itself is.
    struct Picture: Encodable {
        /// Position in ``thumbnails``.
        let thumbnail: Int?
        let reason: String?
        let link: String?
    }

    private let pictures: ReportThumbnails
    private let folder: String
    private var positions = [[UInt8]: Int]()
    private(set) var thumbnails = [[UInt8]]()

    /// - Parameters:
    ///   - pictures: The thumbnails.
    ///   - path: The path of the page, to which links are relative.
    init(_ pictures: ReportThumbnails, pageAt path: String) {
        self.pictures = pictures
        folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    /// Adds the picture of an image.
    mutating func picture(of id: String) -> Picture {
        let link = pictures.location(of: id)?.link(from: folder)
        switch pictures.picture(of: id) {
        case .unreadable(let reason):
            return Picture(thumbnail: nil, reason: reason, link: link)
        case .jpeg(let bytes):
            let position = positions[bytes] ?? thumbnails.count
            if position == thumbnails.count {
                positions[bytes] = position
                thumbnails.append(bytes)
            }
            return Picture(thumbnail: position, reason: nil, link: link)
        }
    }
}
