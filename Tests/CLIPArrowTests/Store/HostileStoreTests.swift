import CLIPArrow
import CLIPCore
import CLIPTesting
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Parts that say of themselves what is not so.
///
/// The fixtures are made by `Tools/fixtures/make_footer_fixtures.py`.
@Suite struct HostileStoreTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func failure(_ name: String) throws -> CLIPError {
        for part in 0..<2 {
            try folder.write(try FileBytes.read(Fixture.path("footers/\(name)")), to: "part-0000\(part).parquet")
        }
        let error = try #require(throws: CLIPError.self) { try ParquetStore(path: folder.path) }
        let info = try #require(throws: CLIPError.self) { try StoreInfo(path: folder.path) }
        #expect(info.message == error.message)
        return error
    }

    @Test(arguments: ["below-zero", "huge", "other-sum"])
    func aNumberOfRowsThatNoFileHasIsNotBelieved(name: String) throws {
        let error = try failure("\(name).parquet")
        #expect(error.code == .corruptData)
        #expect(error.message.contains("part-00000.parquet: cannot read as Parquet: its footer speaks of"))
    }

    @Test func aNameThatHoldsANULDoesNotStandForAnotherColumn() throws {
        let error = try failure("nul.parquet")
        #expect(error.code == .corruptData)
        #expect(error.message.contains("part-00000.parquet: cannot read as Parquet: the name of a column holds a NUL"))
    }

    @Test(.timeLimit(.minutes(5)), arguments: ["part-00000.parquet", "rejects.parquet"])
    func aFIFONamedLikeAFileOfTheStoreIsNotWaitedFor(name: String) throws {
        try folder.write(try FileBytes.read(Fixture.path("vectors/plain.parquet")), to: "part-00001.parquet")
        try #require(mkfifo("\(folder.path)/\(name)", 0o600) == 0)
        let error = #expect(throws: CLIPError.self) { try StoreInfo(path: folder.path) }
        #expect(error?.code == .unreadable)
        #expect(error?.message.contains("\(name): cannot open: it is not a regular file") == true)
    }

    @Test func aFileThatIsNoPartIsNotTakenForADamagedOne() throws {
        let advice = "If it is not a part of a store, pass the folder that 'embed' wrote."
        let reasons = ["results.parquet": "there is no column 'embedding'", "results.csv": "cannot read as Parquet"]
        for (name, reason) in reasons {
            let error = try #require(throws: CLIPError.self) { try ParquetStore(path: Fixture.path("0.1.0/\(name)")) }
            #expect(error.code == .corruptData)
            #expect(error.message.contains("\(name): \(reason)") && error.message.hasSuffix(advice))
        }
        try folder.write(Array("no Parquet".utf8), to: "part-00000.parquet")
        let damaged = try #require(throws: CLIPError.self) {
            try ParquetStore(path: "\(folder.path)/part-00000.parquet")
        }
        #expect(damaged.code == .corruptData)
        #expect(damaged.message.contains("part-00000.parquet: cannot read as Parquet"))
        #expect(!damaged.message.contains(advice))
    }

    @Test func aTextThatIsNotUTF8IsNotReplaced() throws {
        let bytes = try FileBytes.read(Fixture.path("vectors/plain.parquet"))
        let broken = bytes.split(separator: Array("image-7".utf8), omittingEmptySubsequences: false)
            .joined(separator: Array("image".utf8) + [0xFF, 0xFF])
        try folder.write(Array(broken), to: "part-00000.parquet")
        let error = #expect(throws: CLIPError.self) {
            try ParquetStore(path: folder.path).forEachBlock(rows: 100) { _ in }
        }
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains("part-00000.parquet: the column 'id' has a text that is not UTF-8") == true)
    }
}
