import CLIPCore
import CLIPImage
import CLIPImageFormats
import Testing

/// HEIF files whose structure is changed at random are refused or read, and never end the process.
///
/// Random bytes rarely make another valid file. These changes do: other codings, sizes, references and properties. With
/// sanitizers (`make test-asan`) they also show whether all is written where it belongs.
@Suite struct HEIFMutationTests {
    private static let codings = ["hvc1", "grid", "iden", "av01", "Exif"]
    private static let references = ["dimg", "auxl", "thmb", "cdsc", "prem"]
    private static let lengths = [0, 1, 2, 10, 38, 63, 64, 65, 70, 100, 130, 4096, 70_000]

    private struct Mutator {
        var data: [UInt8]
        var generator = LinearCongruentialGenerator(state: 7)

        /// Positions behind the types of all boxes, and other four letters.
        private let positions: [String: [Int]]

        init(_ data: [UInt8]) {
            self.data = data
            var positions = [String: [Int]]()
            let others = ["ispe", "pitm", "ipma", "irot", "imir", "clap", "idat", "hvcC", "iloc"]
            for type in HEIFMutationTests.codings + HEIFMutationTests.references + others {
                let letters = Array(type.utf8)
                positions[type] = (8..<data.count).filter { end in
                    data[end - 4] == letters[0] && data[end - 3] == letters[1] && data[end - 2] == letters[2]
                        && data[end - 1] == letters[3]
                }
            }
            self.positions = positions
        }

        private func places(_ types: [String]) -> [Int] { types.flatMap { positions[$0] ?? [] } }

        private mutating func replace(_ start: Int, with bytes: [UInt8]) {
            guard start >= 0, start + bytes.count <= data.count else { return }
            data.replaceSubrange(start..<start + bytes.count, with: bytes)
        }

        private mutating func any<Element>(_ elements: [Element]) -> Element? {
            elements.randomElement(using: &generator)
        }

        /// Changes one thing.
        mutating func change() {
            switch Int.random(in: 0..<9, using: &generator) {
            case 0, 1:
                if let place = any(places(codings)), let coding = any(codings) {
                    replace(place - 4, with: Array(coding.utf8))
                }
            case 2, 3:
                // The columns or the rows.
                guard let place = any(places(["ispe"])), let length = any(lengths) else { return }
                replace(place + 4 + 4 * Int.random(in: 0...1, using: &generator), with: HEIFFile.number(length, 4))
            case 4:
                if let place = any(places(references)), let kind = any(references) {
                    replace(place - 4, with: Array(kind.utf8))
                }
            case 5:
                // From which item, their number, or to which item.
                guard let place = any(places(references)) else { return }
                let field = 2 * Int.random(in: 0...3, using: &generator)
                replace(place + field, with: HEIFFile.number(.random(in: 0...8, using: &generator), 2))
            case 6:
                if let place = places(["pitm"]).first {
                    replace(place + 4, with: HEIFFile.number(.random(in: 1...8, using: &generator), 2))
                }
            case 7:
                // An item's properties.
                guard let place = places(["ipma"]).first else { return }
                let entry = Int.random(in: 8..<60, using: &generator)
                replace(place + entry, with: [.random(in: 0...12, using: &generator)])
            default:
                // Turns, crops, item data and configurations.
                guard let place = any(places(["irot", "imir", "clap", "idat", "hvcC", "iloc"])) else { return }
                let position = place + Int.random(in: 0..<40, using: &generator)
                replace(position, with: [.random(in: 0...255, using: &generator)])
            }
        }
    }

    @Test(
        arguments: [
            "heic-tiles-8-420-130x70.heic", "heic-thumbnails.heic", "heic-rgba-10-422-38x30.heic",
            "heic-gray-alpha-8.heic", "heic-premultiplied.heic", "heic-turned-7-420-37x29.heic", "heic-gray-10.heic",
        ]
    )
    func changedStructuresNeverEndTheProcess(_ name: String) throws {
        let data = try Fixture.bytes(name)
        let options = ImageFileDecoder.Options(maxPixels: 100_000, maxMemory: 64 << 20)
        let decoder = ImageFileDecoder(options: options, formats: .all)
        var mutator = Mutator(data)
        for _ in 0..<250 {
            mutator.data = data
            for _ in 0..<Int.random(in: 1...5, using: &mutator.generator) { mutator.change() }
            do {
                let image = try decoder.decode(mutator.data)
                #expect(image.pixels.count == image.width * image.height * image.format.bytesPerPixel)
            } catch let error as CLIPError {
                #expect([.corruptData, .unsupportedFormat, .limitExceeded].contains(error.code), "\(error)")
            }
        }
    }
}
