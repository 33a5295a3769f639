internal import CLIPCore
internal import CLIPImage

/// An image that is composed of equal tiles.
private struct TileGrid {
    let rows: Int
    let columns: Int
    let width: Int
    let height: Int

    init(_ bytes: ArraySlice<UInt8>) throws(CLIPError) {
        var fields = MediaBoxFields(rest: bytes, type: "grid")
        _ = try fields.number(1)
        let size = try fields.number(1) & 1 == 1 ? 4 : 2
        rows = try fields.number(1) + 1
        columns = try fields.number(1) + 1
        width = try fields.number(size)
        height = try fields.number(size)
    }

    /// - Throws: Where tiles do not cover the image, or lie beside it, which would cost time for nothing.
    func check(tile: (width: Int, height: Int), count: Int, size: (width: Int, height: Int)) throws(CLIPError) {
        guard count == rows * columns, (width, height) == size else {
            throw .damaged("HEIF", "its tiles do not make up the image")
        }
        guard tile.width * columns >= width, tile.height * rows >= height,
            tile.width * (columns - 1) < width, tile.height * (rows - 1) < height
        else { throw .damaged("HEIF", "its tiles do not fit the image") }
    }

    /// - Parameter tile: The columns and rows of each tile before it is cropped.
    /// - Throws: Where far more pixels have to be decoded than the image has. A strip may be lower than its tiles.
    func checkCost(tile: (width: Int, height: Int)) throws(CLIPError) {
        let decoded = Double(tile.width) * Double(tile.height) * Double(rows * columns)
        guard decoded <= 4 * Double(width) * Double(height) + Double(1 << 24) else {
            throw .damaged("HEIF", "its tiles have far more pixels than the image")
        }
    }
}

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
            throw .damaged("HEIF", "its image has no box \"hvcC\"")
        }
        return try HEVCConfiguration(box)
    }

    func decodingMemory(of id: Int) throws(CLIPError) -> DecodingMemory {
        let configuration = try configuration(of: id)
        let bytes = configuration.depth > 8 ? 2 : 1
        // In halves of a sample for each pixel.
        let samples = [2, 3, 4, 6][configuration.chroma]
        let (whole, coded) = (try storedSize(of: id), try storedSize(of: codedImage(of: id)))
        func blocks(_ length: Int) -> Int { (length + 63) / 64 }
        let planes = DecodingMemory(pixels: whole.width, whole.height, bytesPerPixel: samples * bytes)
        // libde265 copies the image data. A frame has whole blocks of 64 × 64 pixels. Notes on them take two bytes per pixel.
        let frame = DecodingMemory(pixels: blocks(coded.width), blocks(coded.height), bytesPerPixel: 4096)
        return planes + frame * (samples * bytes + bytes + 2) + DecodingMemory(bytes: copiedBytes(of: id))
            + DecodingMemory(bytes: data.count)
    }

    /// The bytes of an image's data that have to be put together.
    private func copiedBytes(of id: Int) -> Int {
        guard let extents = items[id]?.extents, extents.count > 1 else { return 0 }
        return data.count
    }

    /// Decodes an image and does its transformations.
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
        let grid = try TileGrid(bytes(of: id))
        let tiles = items[id]?.references["dimg"] ?? []
        let (size, stored) = (try self.size(of: source(of: id)), try storedSize(of: source(of: id)))
        try grid.check(tile: size, count: tiles.count, size: storedSize(of: id))
        try grid.checkCost(tile: stored)
        let configuration = try configuration(of: id)
        var whole = ColorPlanes(
            width: grid.width,
            height: grid.height,
            depth: configuration.depth,
            chroma: configuration.chroma
        )
        var failures = [CLIPError]()
        for (index, tile) in tiles.enumerated() {
            guard items[tile]?.type == "hvc1", try self.size(of: tile) == size, try storedSize(of: tile) == stored
            else {
                throw .damaged("HEIF", "its tiles differ in size or coding")
            }
            let planes: ColorPlanes
            do {
                planes = try self.planes(of: tile)
            } catch {
                failures.append(error)
                continue
            }
            guard planes.depth == whole.depth, planes.isMonochrome == whole.isMonochrome, planes.shiftX == whole.shiftX,
                planes.shiftY == whole.shiftY
            else { throw .damaged("HEIF", "its tiles differ in their layout") }
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
