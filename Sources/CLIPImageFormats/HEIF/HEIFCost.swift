internal import CLIPCore
internal import CLIPImage

/// What decoding a HEIF image takes.
struct HEIFCost {
    var memory: DecodingMemory
    var work: DecodingWork
    /// The size of the largest image that it is made of.
    private(set) var largest: (width: Int, height: Int)

    mutating func include(_ size: (width: Int, height: Int)) {
        let known = DecodingWork(pixels: largest.width, largest.height)
        if DecodingWork(pixels: size.width, size.height) > known { largest = size }
    }

    static func + (left: Self, right: Self) -> Self {
        var sum = Self(memory: left.memory + right.memory, work: left.work + right.work, largest: left.largest)
        sum.include(right.largest)
        return sum
    }
}

extension HEIFContainer {
    /// What decoding an image takes.
    ///
    /// - Precondition: ``coding(of:)`` has found that the image is coded as HEVC.
    /// - Throws: Where the images that it is made of do not fit it, or make it decode far more data than there is.
    func cost(of id: Int) throws(CLIPError) -> HEIFCost {
        let size = try storedSize(of: id)
        var cost: HEIFCost
        switch items[id]?.type {
        case "grid":
            try checkTiles(of: id)
            cost = try codedCost(of: source(of: id))
            cost.work = DecodingWork(bytes: 0)
            for tile in tiles(of: id) { cost.work = cost.work + (try work(of: tile)) }
        case "iden":
            let source = try source(of: id)
            guard try self.size(of: source) == size else {
                throw .damaged("HEIC", "its image has another size than the one that it stands for")
            }
            cost = try self.cost(of: source)
        default:
            return try codedCost(of: id)
        }
        cost.memory = cost.memory + (try composedMemory(of: id))
        cost.include(size)
        return cost
    }

    private func codedCost(of id: Int) throws(CLIPError) -> HEIFCost {
        let (size, configuration) = (try storedSize(of: id), try configuration(of: id))
        let (samples, bytes) = (configuration.halfSamples, configuration.bytesPerSample)
        func blocks(_ length: Int) -> Int { (length + 63) / 64 }
        let planes = DecodingMemory(pixels: size.width, size.height, bytesPerPixel: samples * bytes)
        // A frame has whole blocks of 64 × 64 pixels. Notes on them take two bytes per pixel.
        let frame = DecodingMemory(pixels: blocks(size.width), blocks(size.height), bytesPerPixel: 4096)
        // libde265 copies the image data, whose parts have to be put together first.
        let copies = items[id]?.extents.count ?? 0 > 1 ? 2 : 1
        let memory = planes + frame * (samples * bytes + bytes + 2) + DecodingMemory(bytes: data.count) * copies
        return HEIFCost(memory: memory, work: try work(of: id), largest: size)
    }

    /// The planes of an image that is derived from others, twice.
    ///
    /// Those of images that are turned or cropped may get full chroma.
    private func composedMemory(of id: Int) throws(CLIPError) -> DecodingMemory {
        let (size, configuration) = (try storedSize(of: id), try configuration(of: id))
        let isTransformed = try !transformations(of: id).isEmpty
        let isFull = configuration.chroma > 0 && isTransformed
        let bytes = (isFull ? 6 : configuration.halfSamples) * configuration.bytesPerSample
        return DecodingMemory(pixels: size.width, size.height, bytesPerPixel: bytes)
    }

    /// The data of a coded image, and all its pixels for each slice, which may cover them.
    private func work(of id: Int) throws(CLIPError) -> DecodingWork {
        let size = try storedSize(of: id)
        // Missing data is found when the image is decoded; other tiles may be complete.
        guard let data = try? bytes(of: id) else { return DecodingWork(bytes: 0) }
        let slices = try configuration(of: id).sliceCount(in: data)
        return DecodingWork(pixels: size.width, size.height) * slices + dataWork(of: id)
    }

    private func checkTiles(of id: Int) throws(CLIPError) {
        let grid = try HEIFGrid(bytes(of: id))
        let tiles = tiles(of: id)
        let (size, stored) = (try self.size(of: source(of: id)), try storedSize(of: source(of: id)))
        try grid.check(tile: size, count: tiles.count, size: storedSize(of: id))
        try grid.checkCost(tile: stored)
        var data = DecodingWork(bytes: 0)
        for tile in tiles {
            guard items[tile]?.type == "hvc1", try self.size(of: tile) == size, try storedSize(of: tile) == stored
            else {
                throw .damaged("HEIC", "its tiles differ in size or coding")
            }
            // Before their data is read, which may be the same for all tiles.
            data = data + dataWork(of: tile)
            try data.check()
        }
    }

    /// The bytes that are decoded for a coded image, of which each part counts as at most the file's.
    private func dataWork(of id: Int) -> DecodingWork {
        let parts = items[id]?.extents.map { $0.length == 0 ? data.count : min($0.length, data.count) } ?? []
        let start = DecodingWork(bytes: property("hvcC", of: id)?.content.count ?? 0)
        return parts.reduce(start) { $0 + DecodingWork(bytes: $1) }
    }
}
