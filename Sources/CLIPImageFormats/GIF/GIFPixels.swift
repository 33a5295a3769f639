/// The pixels of a frame in its canvas, appended in the order of the file.
struct GIFPixels {
    /// The first row and the distance to the next one, in each pass of an interlaced frame.
    private static let passes = [(first: 0, step: 8), (first: 4, step: 8), (first: 2, step: 4), (first: 1, step: 2)]

    private let canvas: UnsafeMutableBufferPointer<UInt8>
    private let canvasWidth: Int
    private let frameWidth: Int
    private let frameHeight: Int
    /// The index of the frame's first pixel.
    private let start: Int
    private var pass: Int
    /// The row, and the distance to the next one.
    private var row = 0
    private var step: Int
    private var column = 0
    /// The index of the next pixel.
    private var position: Int

    /// - Precondition: The frame lies within the canvas.
    init(_ frame: GIFFrame, in canvas: UnsafeMutableBufferPointer<UInt8>, width: Int) {
        precondition((frame.top + frame.height) * width <= canvas.count && frame.left + frame.width <= width)
        self.canvas = canvas
        canvasWidth = width
        frameWidth = frame.width
        frameHeight = frame.height
        start = frame.top * width + frame.left
        pass = frame.isInterlaced ? 0 : Self.passes.count - 1
        step = frame.isInterlaced ? Self.passes[0].step : 1
        position = start
    }

    var isComplete: Bool { row >= frameHeight }
    var isEmpty: Bool { row == 0 && column == 0 }

    /// Appends a pixel; those after the last one are ignored.
    @inline(__always)
    mutating func append(_ index: UInt8) {
        guard !isComplete else { return }
        canvas[position] = index
        position &+= 1
        column &+= 1
        if column == frameWidth { startNextRow() }
    }

    private mutating func startNextRow() {
        column = 0
        row += step
        while row >= frameHeight, pass + 1 < Self.passes.count {
            pass += 1
            (row, step) = Self.passes[pass]
        }
        position = start + row * canvasWidth
    }
}
