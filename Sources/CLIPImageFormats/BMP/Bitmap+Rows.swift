internal import CLIPCore

extension Bitmap {
    /// Copies the rows of a file to their places.
    ///
    /// - Parameters:
    ///   - file: The file that the header was read from.
    ///   - height: The number of rows to read.
    ///   - pixels: Receives `height` rows from the top, in ``format``, or with four bytes per pixel for `asRGBA`.
    /// - Returns: Whether the file has all rows.
    func copyRows(_ file: UnsafeBufferPointer<UInt8>, height: Int, to pixels: UnsafeMutableBufferPointer<UInt8>) -> Bool
    {
        if case .runs(let bits) = layout {
            var rows = BitmapRuns(width: width, height: height, isTopDown: isTopDown, pixels: pixels)
            return rows.read(file, from: start, bits: bits)
        }
        let (payload, overflows) = rowBytes.multipliedReportingOverflow(by: height - 1)
        let lastRow = (width * bitsPerPixel + 7) / 8
        guard start <= file.count, !overflows, payload <= file.count - start - lastRow, let base = file.baseAddress
        else { return false }
        guard let target = pixels.baseAddress else { return false }
        let targetBytes = width * format.bytesPerPixel
        for row in 0..<height {
            let y = isTopDown ? row : height - 1 - row
            copyRow(base + start + row * rowBytes, to: target + y * targetBytes)
        }
        return true
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
