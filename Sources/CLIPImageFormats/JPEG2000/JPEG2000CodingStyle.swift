internal import CLIPImage

/// How finely components are divided: the marker segments COD and COC.
struct JPEG2000CodingStyle {
    /// The number of times that the image was halved.
    private(set) var levels = 0
    private(set) var layers = 1
    /// The smallest width and height of a code block, as powers of two.
    private var blockColumns = 10
    private var blockRows = 10
    /// The smallest width and height of a precinct, as powers of two.
    private var precinctColumns = 15
    private var precinctRows = 15

    /// Takes a COD segment into account.
    mutating func refine(bySegment content: ArraySlice<UInt8>) {
        layers = max(layers, content.number(at: 2, bytes: 2, .big) ?? 1)
        refine(content.dropFirst(5), hasPrecincts: (content.first ?? 0) & 1 == 1)
    }

    /// Takes a COC segment after its component's index into account.
    mutating func refine(byComponentSegment content: ArraySlice<UInt8>) {
        refine(content.dropFirst(1), hasPrecincts: (content.first ?? 0) & 1 == 1)
    }

    private mutating func refine(_ content: ArraySlice<UInt8>, hasPrecincts: Bool) {
        guard content.count >= 5 else { return }
        let values = Array(content)
        levels = max(levels, min(Int(values[0]), 32))
        blockColumns = min(blockColumns, Int(values[1] & 15) + 2)
        blockRows = min(blockRows, Int(values[2] & 15) + 2)
        guard hasPrecincts else { return }
        for size in values.dropFirst(5).prefix(levels + 1) {
            precinctColumns = min(precinctColumns, Int(size & 15))
            precinctRows = min(precinctRows, Int(size >> 4))
        }
    }

    /// An upper bound for OpenJPEG's memory for the blocks of one tile of a component, and for their order.
    func memory(width: Int, height: Int) -> DecodingMemory {
        let resolutions = levels + 1
        let perResolution = DecodingMemory(bytes: (width >> precinctColumns) + 2) * ((height >> precinctRows) + 2)
        // All lower resolutions together have a third of the highest one's, and at least two by two each.
        let precincts = perResolution * 2 + DecodingMemory(bytes: 4) * resolutions
        // A block belongs to one precinct of one of three bands.
        let columns = min(blockColumns, precinctColumns)
        let rows = min(blockRows, precinctRows)
        let blocks = DecodingMemory(bytes: (width >> columns) + 1) * ((height >> rows) + 1) * 2 + precincts * 3
        return blocks * 700 + precincts * 500 + precincts * (2 * (layers + 1) * resolutions)
    }
}
