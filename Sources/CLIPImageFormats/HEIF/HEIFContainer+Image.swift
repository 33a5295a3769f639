internal import CLIPCore
internal import CLIPImage

extension HEIFContainer {
    /// How often an image may be derived from another one: files do so once.
    private static let maxDerivations = 4
    /// Files crop, turn and mirror an image once each.
    private static let maxTransformations = 8

    /// The coding of an image, or of the images that it is composed of.
    func coding(of id: Int) throws(CLIPError) -> String {
        var id = id
        for _ in 0..<Self.maxDerivations {
            let type = items[id]?.type ?? ""
            guard type == "grid" || type == "iden" else { return type }
            id = try source(of: id)
        }
        throw .damaged("HEIC", "its images refer to one another in a circle")
    }

    /// The first image that an image is derived from.
    func source(of id: Int) throws(CLIPError) -> Int {
        guard let first = items[id]?.references["dimg"]?.first else {
            throw .damaged("HEIC", "an image is composed of others, which it does not name")
        }
        return first
    }

    /// The images that an image is composed of.
    func tiles(of id: Int) -> [Int] {
        items[id]?.references["dimg"] ?? []
    }

    /// The first property of a kind.
    func property(_ type: String, of id: Int) -> MediaBox? {
        items[id]?.properties.first { $0.type == type }
    }

    /// The columns and rows of an image before its transformations.
    func storedSize(of id: Int) throws(CLIPError) -> (width: Int, height: Int) {
        guard var fields = property("ispe", of: id)?.fields else { throw .damaged("HEIC", "an image has no size") }
        _ = try fields.version()
        let size = (width: try fields.number(4), height: try fields.number(4))
        guard size.width > 0, size.height > 0 else { throw .damaged("HEIC", "an image has no pixels") }
        return size
    }

    /// The item with the opacity of an image.
    func alpha(of id: Int) -> Int? {
        let kinds = [
            "urn:mpeg:hevc:2015:auxid:1", "urn:mpeg:avc:2015:auxid:1", "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
        ]
        return items.keys.sorted().last { item in
            guard items[item]?.references["auxl"]?.contains(id) == true,
                let text = property("auxC", of: item)?.content.dropFirst(4)
            else { return false }
            return kinds.contains(String(decoding: text.prefix { $0 != 0 }, as: UTF8.self))
        }
    }

    /// Whether the colours of an image are already multiplied by its opacity.
    func isPremultiplied(_ id: Int) -> Bool {
        items[id]?.references["prem"] != nil
    }

    func transformations(of id: Int) throws(CLIPError) -> [HEIFTransformation] {
        var transformations: [HEIFTransformation] = []
        for property in items[id]?.properties ?? [] {
            if let transformation = try HEIFTransformation(property) { transformations.append(transformation) }
        }
        guard transformations.count <= Self.maxTransformations else {
            throw .damaged("HEIC", "an image has more than \(Self.maxTransformations) transformations")
        }
        return transformations
    }

    /// The columns and rows of an image, with its transformations done.
    func size(of id: Int) throws(CLIPError) -> (width: Int, height: Int) {
        var size = try storedSize(of: id)
        for transformation in try transformations(of: id) { size = try transformation.size(after: size) }
        return size
    }
}
