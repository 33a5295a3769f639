internal import CLIPCore

extension Bitmap {
    /// The number of rows that a file has, up to those in the header; 0 for runs.
    private func rowCount(in file: UnsafeBufferPointer<UInt8>, height: Int) -> Int {
        let lastRow = (width * bitsPerPixel + 7) / 8
        guard start <= file.count - lastRow else { return 0 }
        return min(height, (file.count - start - lastRow) / rowBytes + 1)
    }

    /// Copies the rows of a file to their places.
    ///
    /// - Parameters:
    ///   - file: The file that the header was read from.
    ///   - height: The number of rows to read.
    ///   - pixels: Receives `height` rows from the top, in ``format``. Those that the file lacks are left as they are.
    /// - Returns: The number of rows that the file has.
    func copyRows(_ file: UnsafeBufferPointer<UInt8>, height: Int, to pixels: UnsafeMutableBufferPointer<UInt8>) -> Int
    {
        if case .runs(let bits) = layout {
            var rows = BitmapRuns(width: width, height: height, isTopDown: isTopDown, pixels: pixels)
            return rows.read(file, from: start, bits: bits) ? height : 0
        }
        guard let base = file.baseAddress, let target = pixels.baseAddress else { return 0 }
        let targetBytes = width * format.bytesPerPixel
        let count = rowCount(in: file, height: height)
        for row in 0..<count {
            let y = isTopDown ? row : height - 1 - row
            copyRow(base + start + row * rowBytes, to: target + y * targetBytes)
        }
        return count
    }

    private func copyRow(_ source: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>) {
        switch layout {
        case .indices(8):
            target.update(from: source, count: width)
        case .indices(let bits):
            let perByte = 8 / bits
            let mask = UInt8(1 << bits - 1)
            let scale: UInt8 = format == .bilevel ? 255 : 1
            for x in 0..<width {
                let shift = 8 - bits * (x % perByte + 1)
                target[x] = (source[x / perByte] >> UInt8(shift) & mask) &* scale
            }
        case .packed(let green):
            for x in 0..<width {
                let value = UInt32(source[2 &* x]) | UInt32(source[2 &* x &+ 1]) << 8
                let greenMask: UInt32 = green == 6 ? 63 : 31
                target[3 &* x] = UInt8((value >> UInt32(5 + green) & 31) * 255 / 31)
                target[3 &* x &+ 1] = UInt8((value >> 5 & greenMask) * 255 / greenMask)
                target[3 &* x &+ 2] = UInt8((value & 31) * 255 / 31)
            }
        case .bytes(let step, let red, let green, let blue, let alpha):
            let channels = alpha == nil ? 3 : 4
            var (from, to) = (source, target)
            for _ in 0..<width {
                to[0] = from[red]
                to[1] = from[green]
                to[2] = from[blue]
                if let alpha { to[3] = from[alpha] }
                from += step
                to += channels
            }
        case .runs:
            preconditionFailure("runs have no rows")
        }
    }
}
