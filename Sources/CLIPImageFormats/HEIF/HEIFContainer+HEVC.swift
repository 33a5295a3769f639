internal import CLIPCore
internal import CLIPImage

extension HEIFContainer {
    /// The first coded image that an image is made of.
    private func codedImage(of id: Int) throws(CLIPError) -> Int {
        var id = id
        while let type = items[id]?.type, type == "grid" || type == "iden" { id = try source(of: id) }
        return id
    }

    /// - Precondition: ``coding(of:)`` has found that the image is coded as HEVC.
    func configuration(of id: Int) throws(CLIPError) -> HEVCConfiguration {
        guard let box = property("hvcC", of: try codedImage(of: id)) else {
            throw .damaged("HEIC", "its image has no box \"hvcC\"")
        }
        return try HEVCConfiguration(box)
    }

    /// Decodes an image and does its transformations.
    ///
    /// - Precondition: ``cost(of:)`` has checked the image.
    func planes(of id: Int) throws(CLIPError) -> ColorPlanes {
        var planes =
            switch items[id]?.type {
            case "grid": try composedPlanes(of: id)
            case "iden": try self.planes(of: source(of: id))
            default: try decodedPlanes(of: id)
            }
        for transformation in try transformations(of: id) { try planes.apply(transformation) }
        for property in items[id]?.properties ?? [] {
            if let color = try HEIFColor(property) { planes.color = color }
        }
        return planes
    }

    private func decodedPlanes(of id: Int) throws(CLIPError) -> ColorPlanes {
        let size = try storedSize(of: id)
        let decoder = HEVCDecoder(configuration: try configuration(of: id), width: size.width, height: size.height)
        return try decoder.decode(bytes(of: id))
    }

    private func composedPlanes(of id: Int) throws(CLIPError) -> ColorPlanes {
        let grid = try HEIFGrid(bytes(of: id))
        let tiles = tiles(of: id)
        let size = try self.size(of: source(of: id))
        let configuration = try configuration(of: id)
        var whole = ColorPlanes(
            width: grid.width,
            height: grid.height,
            depth: configuration.depth,
            chroma: configuration.chroma
        )
        var failures = [CLIPError]()
        for (index, tile) in tiles.enumerated() {
            let planes: ColorPlanes
            do {
                planes = try self.planes(of: tile)
            } catch {
                failures.append(error)
                continue
            }
            guard planes.depth == whole.depth, planes.isMonochrome == whole.isMonochrome, planes.shiftX == whole.shiftX,
                planes.shiftY == whole.shiftY
            else { throw .damaged("HEIC", "its tiles differ in their layout") }
            if index == failures.count { whole.color = planes.color }
            whole.damage = whole.damage ?? planes.damage
            whole.paste(planes, x: index % grid.columns * size.width, y: index / grid.columns * size.height)
        }
        if let failure = failures.first {
            guard failures.count < tiles.count else { throw failure }
            whole.damage = "\(failures.count) of its \(tiles.count) tiles cannot be decoded"
        }
        return whole
    }
}
