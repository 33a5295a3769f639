import CLIPCore
import CLIPReport
import CLIPTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct LabellingPageTests {
    private struct Contents: Decodable {
        struct Item: Decodable {
            let id: String
            let tasks: [[Value]]
        }
        let items: [Item]
    }

    private enum Value: Decodable, Equatable {
        case number(Double)
        case text(String)
        case none

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                self = .none
            } else if let number = try? value.decode(Double.self) {
                self = .number(number)
            } else {
                self = .text(try value.decode(String.self))
            }
        }
    }

    private func contents(_ items: [LabellingPage.Item], seed: UInt64 = 0) throws -> Contents {
        let folder = try TemporaryFolder()
        let category = LabellingPage.Category(
            name: "cat",
            positive: ["a cat"],
            negative: [],
            cells: [.init(size: 10, isMatch: true), .init(size: 990, isMatch: false)]
        )
        let page = LabellingPage(
            title: "to-label.csv",
            identity: "i",
            categories: [category],
            items: items,
            pictures: ReportThumbnails(ids: items.map(\.id)),
            seed: seed
        )
        try page.write(to: "\(folder.path)/page.html")
        let text = String(decoding: try FileBytes.read("\(folder.path)/page.html"), as: UTF8.self)
        let start = try #require(text.firstRange(of: #"<script id="data" type="application/json">"#)).upperBound
        let end = try #require(text[start...].firstRange(of: "</script>")).lowerBound
        return try JSONDecoder().decode(Contents.self, from: Data(text[start..<end].utf8))
    }

    @Test func imagesAreShuffledByTheSeedAndNoneIsLost() throws {
        let items = (0..<100).map {
            LabellingPage.Item(id: "\($0)", tasks: [.init(category: 0, probability: 0.1, round: 1, cell: 1)])
        }
        let (one, same, other) = (try contents(items), try contents(items), try contents(items, seed: 1))
        #expect(one.items.map(\.id) != items.map(\.id))
        #expect(one.items.map(\.id) == same.items.map(\.id))
        #expect(one.items.map(\.id) != other.items.map(\.id))
        #expect(Set(one.items.map(\.id)) == Set(items.map(\.id)))
    }

    @Test func probabilitiesKeepAllDigitsAndEarlierLabelsAreKept() throws {
        let probability = 100.0 / 8191
        let tasks: [LabellingPage.Task] = [
            .init(category: 0, probability: probability, round: 2, cell: 1, label: "1"),
            .init(category: 0, probability: 1, round: 1, cell: 0, label: "unsure"),
        ]
        let rows = try contents([.init(id: "a", tasks: tasks)]).items[0].tasks
        #expect(rows[0] == [.number(0), .text("\(probability)"), .number(2), .number(1), .number(1)])
        #expect(rows[1] == [.number(0), .text("1.0"), .number(1), .number(0), .text("unsure")])
    }

    @Test func aCellThatDoesNotExistTraps() async {
        await #expect(processExitsWith: .failure) {
            let task = LabellingPage.Task(category: 0, probability: 0.5, round: 1, cell: 2)
            _ = LabellingPage(
                title: "t",
                identity: "i",
                categories: [.init(name: "cat", positive: [], negative: [], cells: [.init(size: 1, isMatch: true)])],
                items: [.init(id: "a", tasks: [task])],
                pictures: ReportThumbnails(ids: ["a"])
            )
        }
    }
}
