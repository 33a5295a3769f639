/// The first frame of a GIF file.
struct GIFFrame {
    let canvasWidth: Int
    let canvasHeight: Int
    let left: Int
    let top: Int
    let width: Int
    let height: Int
    let isInterlaced: Bool
    /// The index that means transparency, which the canvas around the frame has too.
    let transparentIndex: UInt8?
    /// RGB triples, at most 256; `nil` if indices are grey levels.
    let palette: [UInt8]?

    /// The rows in the order of the file.
    var rowOrder: [Int] {
        guard isInterlaced else { return Array(0..<height) }
        let passes = [(0, 8), (4, 8), (2, 4), (1, 2)]
        return passes.flatMap { first, step in stride(from: first, to: height, by: step) }
    }
}
