/// How far pixels are from a reference.
struct Difference: CustomStringConvertible {
    private(set) var count = 0
    private(set) var largest = 0
    private var total = 0
    private let size: Int

    init(_ values: [UInt8], _ reference: [UInt8]) {
        size = reference.count
        guard values.count == reference.count else {
            count = max(values.count, reference.count)
            return
        }
        for index in values.indices where values[index] != reference[index] {
            let difference = abs(Int(values[index]) - Int(reference[index]))
            count += 1
            largest = max(largest, difference)
            total += difference
        }
    }

    /// Whether at most one value in 10,000, or one in a small image, is rounded to the neighbouring one.
    ///
    /// A codec that computes with floats rounds differently in another version, or with another CPU's instructions.
    var isOfRounding: Bool { largest <= 1 && count <= max(1, size / 10_000) }

    var description: String {
        let mean = (1000 * Double(total) / Double(max(1, size))).rounded() / 1000
        return "\(count) of \(size) bytes differ, by up to \(largest), \(mean) on average"
    }
}
