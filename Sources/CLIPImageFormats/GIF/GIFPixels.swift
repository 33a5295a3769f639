/// The pixels of a frame in its canvas, appended in the order of the file.
struct GIFPixels {
    private let canvas: UnsafeMutableBufferPointer<UInt8>
    private let canvasWidth: Int
    private let frame: GIFFrame
    /// The row, and the distance to the next one, which interlaced frames halve with each pass after the second.
    private var row = 0
    private var step: Int
    private var column = 0
    private var passes: ArraySlice<(first: Int, step: Int)> = [(4, 8), (2, 4), (1, 2)]

    /// - Precondition: The frame lies within the canvas.
    init(_ frame: GIFFrame, in canvas: UnsafeMutableBufferPointer<UInt8>, width: Int) {
        precondition((frame.top + frame.height) * width <= canvas.count && frame.left + frame.width <= width)
        self.frame = frame
        self.canvas = canvas
        canvasWidth = width
        step = frame.isInterlaced ? 8 : 1
    }

    var isComplete: Bool { row >= frame.height }
    var isEmpty: Bool { row == 0 && column == 0 }

    /// Appends a pixel; those after the last one are ignored.
    mutating func append(_ index: UInt8) {
        guard !isComplete else { return }
        canvas[(frame.top &+ row) &* canvasWidth &+ frame.left &+ column] = index
        column &+= 1
        if column == frame.width { startNextRow() }
    }

    /// Appends pixels; those after the last one are ignored.
    mutating func append(_ indices: ArraySlice<UInt8>) {
        var rest = indices
        while !rest.isEmpty, !isComplete {
            let count = min(rest.count, frame.width - column)
            let start = (frame.top + row) * canvasWidth + frame.left + column
            _ = UnsafeMutableBufferPointer(rebasing: canvas[start..<start + count])
                .update(fromContentsOf: rest.prefix(count))
            rest = rest.dropFirst(count)
            column += count
            if column == frame.width { startNextRow() }
        }
    }

    private mutating func startNextRow() {
        column = 0
        row += step
        while frame.isInterlaced, row >= frame.height, let pass = passes.popFirst() {
            (row, step) = pass
        }
    }
}
