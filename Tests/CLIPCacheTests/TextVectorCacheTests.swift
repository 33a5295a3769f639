import CLIPCache
import CLIPCore
import CLIPTesting
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Vectors come back bit by bit, or not at all.
@Suite struct TextVectorCacheTests {
    private let folder: TemporaryFolder
    private var path: String { "\(folder.path)/a/texts" }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func cache(
        _ encoder: String = "model",
        dimension: Int = 3,
        maximumBytes: Int = 1 << 20
    ) -> TextVectorCache {
        TextVectorCache(folder: path, encoder: encoder, dimension: dimension, maximumBytes: maximumBytes)
    }

    private func matrix(_ vectors: [[Float]]) -> EmbeddingMatrix {
        EmbeddingMatrix(dimension: vectors[0].count, values: vectors.flatMap(\.self))
    }

    private func bits(_ vectors: [[Float]?]) -> [[UInt32]?] { vectors.map { $0?.map(\.bitPattern) } }

    private func file() throws -> String {
        try #require(folder.names(in: "a/texts").first { $0.hasSuffix(TextVectorCache.suffix) })
    }

    @Test func vectorsAreTheEncodersToTheLastBit() {
        let vectors: [[Float]] = [[0.1, -0.0, .leastNonzeroMagnitude], [1, 2, 3]]
        cache().remember(matrix(vectors), of: ["a cat", "a dog"])
        #expect(bits(cache().vectors(of: ["a dog", "a bird", "a cat"])) == bits([vectors[1], nil, vectors[0]]))
    }

    @Test func whatIsAddedLaterJoinsWhatIsThere() {
        cache().remember(matrix([[1, 0, 0]]), of: ["one"])
        cache().remember(matrix([[2, 0, 0], [3, 0, 0]]), of: ["two", "three"])
        #expect(cache().vectors(of: ["one", "two", "three"]) == [[1, 0, 0], [2, 0, 0], [3, 0, 0]])
    }

    /// A vocabulary does not displace the vectors of prompts, whose file it leaves alone.
    @Test func aLongListHasAFileOfItsOwn() throws {
        cache().remember(matrix([[1, 0, 0]]), of: ["one"])
        let before = try FileBytes.read("\(path)/\(file())")
        let texts = (0..<TextVectorCache.longList).map { "word \($0)" }
        let vectors = texts.indices.map { [Float($0), 0.1, -0.0] }
        #expect(cache().vectors(of: texts).allSatisfy { $0 == nil })
        cache().remember(matrix(vectors), of: texts)
        #expect(bits(cache().vectors(of: texts)) == bits(vectors))
        #expect(try FileBytes.read("\(path)/\(file())") == before)
        #expect(folder.names(in: "a/texts/lists").count == 1)
        // Another order is another list, and so is that of another model.
        #expect(cache().vectors(of: texts.reversed()).allSatisfy { $0 == nil })
        #expect(cache("other").vectors(of: texts).allSatisfy { $0 == nil })
    }

    @Test func aDamagedListCountsAsMissing() throws {
        let texts = (0..<TextVectorCache.longList).map { "word \($0)" }
        cache().remember(matrix(texts.map { _ in [1, 2, 3] }), of: texts)
        let name = "a/texts/lists/\(try #require(folder.names(in: "a/texts/lists").first))"
        var bytes = try FileBytes.read("\(folder.path)/\(name)")
        bytes[bytes.count / 2] ^= 1
        try folder.write(bytes, to: name)
        chmod("\(folder.path)/\(name)", 0o600)
        #expect(cache().vectors(of: texts).allSatisfy { $0 == nil })
    }

    /// The one that was used longest ago goes.
    @Test func listsStayWithinTheirLimit() throws {
        let lists = ["a", "b", "c"].map { kind in (0..<TextVectorCache.longList).map { "\(kind) \($0)" } }
        let bytes = TextVectorCache.longList * 12 + 100
        for list in lists {
            let cache = TextVectorCache(folder: path, encoder: "model", dimension: 3, maximumBytesOfLists: 2 * bytes)
            cache.remember(matrix(list.map { _ in [1, 2, 3] }), of: list)
            _ = cache.vectors(of: lists[0])
            usleep(20_000)
        }
        #expect(lists.map { cache().vectors(of: $0)[0] != nil } == [true, false, true])
    }

    /// Tokenizers tell the two apart, as Unicode's equivalence does not.
    @Test func textsOfOtherBytesAreOtherTexts() {
        cache().remember(matrix([[1, 0, 0]]), of: ["caf\u{e9}"])
        #expect(cache().vectors(of: ["cafe\u{301}", "caf\u{e9}"]) == [nil, [1, 0, 0]])
    }

    @Test func anotherModelHasItsOwn() throws {
        cache("first").remember(matrix([[1, 0, 0]]), of: ["a cat"])
        #expect(cache("second").vectors(of: ["a cat"]) == [nil])
        #expect(cache("first", dimension: 4).vectors(of: ["a cat"]) == [nil])
        // Not even under the other's name.
        let name = try file()
        cache("second").remember(matrix([[2, 0, 0]]), of: ["a dog"])
        let other = try #require(folder.names(in: "a/texts").first { $0 != name })
        try folder.write(try FileBytes.read("\(path)/\(name)"), to: "a/texts/\(other)")
        #expect(cache("second").vectors(of: ["a cat", "a dog"]) == [nil, nil])
    }

    @Test func aDamagedVectorIsUnknownAndMadeAnew() throws {
        cache().remember(matrix([[1, 0, 0], [2, 0, 0]]), of: ["a cat", "a dog"])
        let name = try file()
        var bytes = try FileBytes.read("\(path)/\(name)")
        bytes[bytes.count - 1] ^= 1
        try folder.write(bytes, to: "a/texts/\(name)")
        let found = cache().vectors(of: ["a cat", "a dog"])
        #expect(found.count { $0 == nil } == 1)
        cache().remember(matrix([[1, 0, 0], [2, 0, 0]]), of: ["a cat", "a dog"])
        #expect(cache().vectors(of: ["a cat", "a dog"]) == [[1, 0, 0], [2, 0, 0]])
    }

    @Test func damageOfAnyByteNeverGivesAnotherVector() throws {
        let vectors: [[Float]] = [[1, 0, 0], [2, 0, 0]]
        cache().remember(matrix(vectors), of: ["a cat", "a dog"])
        let name = try file()
        let whole = try FileBytes.read("\(path)/\(name)")
        for index in whole.indices {
            var bytes = whole
            bytes[index] ^= 0x10
            try folder.write(bytes, to: "a/texts/\(name)")
            for (found, vector) in zip(cache().vectors(of: ["a cat", "a dog"]), vectors) {
                #expect(found == nil || found == vector, "byte \(index)")
            }
        }
        for length in whole.indices {
            try folder.write(Array(whole[..<length]), to: "a/texts/\(name)")
            #expect(cache().vectors(of: ["a cat", "a dog"]) == [nil, nil], "cut off at \(length)")
        }
    }

    @Test func vectorsThatAreNoNumbersAreNotKept() {
        cache().remember(matrix([[.nan, 0, 0], [1, 0, 0]]), of: ["a cat", "a dog"])
        #expect(cache().vectors(of: ["a cat", "a dog"]) == [nil, [1, 0, 0]])
    }

    @Test func aFolderThatCannotBeWrittenIsNoError() throws {
        try folder.write([], to: "a/texts")
        cache().remember(matrix([[1, 0, 0]]), of: ["a cat"])
        #expect(cache().vectors(of: ["a cat"]) == [nil])
    }

    /// A folder may be removed at any time.
    @Test func aRemovedFolderIsMadeAgain() {
        cache().remember(matrix([[1, 0, 0]]), of: ["a cat"])
        unlink("\(path)/\((try? file()) ?? "")")
        rmdir(path)
        #expect(cache().vectors(of: ["a cat"]) == [nil])
        cache().remember(matrix([[1, 0, 0]]), of: ["a cat"])
        #expect(cache().vectors(of: ["a cat"]) == [[1, 0, 0]])
    }

    @Test func aFileStaysWithinItsBoundAndKeepsWhatItHas() throws {
        let maximum = 2000
        for number in 0..<100 {
            cache(maximumBytes: maximum).remember(matrix([[Float(number), 0, 0]]), of: ["\(number)"])
            #expect(try FileBytes.size("\(path)/\(file())") <= maximum)
        }
        let kept = cache(maximumBytes: maximum).vectors(of: (0..<100).map(String.init))
        let room = (maximum - RecordFile.headBytes - 32) / (RecordFile.entryBytes + 12)
        #expect(kept.prefix(room).allSatisfy { $0 != nil } && kept.dropFirst(room).allSatisfy { $0 == nil })
    }

    @Test func whatWasUsedLongestAgoIsDroppedFirst() throws {
        let path = "\(folder.path)/records"
        let keys = (0..<4).map { RecordKey(of: [[UInt8($0)]]) }
        let room = RecordFile.headBytes + 32 + 3 * RecordFile.entryBytes
        func add(_ index: Int) throws {
            let addition = RecordFile.Addition(key: keys[index], contents: [])
            try RecordFile.update(path, contentBytes: 0, maximumBytes: room, adding: [addition])
        }
        for index in 0..<3 { try add(index) }
        // As if the second had not been used since the day before.
        try RecordFile.age(path, key: keys[1])
        try add(3)
        let file = RecordFile(path: path, contentBytes: 0)
        #expect(keys.map { file.row(of: $0) != nil } == [true, false, true, true])
    }

    @Test func recordsThatAreNotInTheOrderOfTheirKeysCountAsMissing() throws {
        let path = "\(folder.path)/records"
        let additions = ["a", "b"].map { RecordFile.Addition(key: RecordKey(of: [Array($0.utf8)]), contents: []) }
        try RecordFile.update(path, contentBytes: 0, maximumBytes: 1 << 20, adding: additions)
        #expect(RecordFile(path: path, contentBytes: 0).count == 2)
        try RecordFile.rewrite(path) { bytes in
            let entries = bytes[RecordFile.headBytes...].prefix(2 * RecordFile.entryBytes)
            let swapped = entries.suffix(RecordFile.entryBytes) + entries.prefix(RecordFile.entryBytes)
            bytes.replaceSubrange(entries.indices, with: swapped)
        }
        #expect(RecordFile(path: path, contentBytes: 0).count == 0)
    }

    @Test func filesOfOtherModelsMakeRoom() throws {
        let texts = (0..<20).map(String.init)
        let vectors = matrix(texts.indices.map { [Float($0), 0, 0] })
        // Room for the files of two models and a half.
        let maximum = 2 * (RecordFile.headBytes + 32 + 20 * (RecordFile.entryBytes + 12)) + 500
        var aged = Set<String>()
        for (number, encoder) in ["oldest", "older", "new"].enumerated() {
            cache(encoder, maximumBytes: maximum).remember(vectors, of: texts)
            // In the order that they were written in, whatever the clock's tick.
            for name in folder.names(in: "a/texts") where !aged.contains(name) {
                let time = timespec(tv_sec: 1_700_000_000 + number, tv_nsec: 0)
                #expect(utimensat(AT_FDCWD, "\(path)/\(name)", [time, time], 0) == 0)
                aged.insert(name)
            }
        }
        #expect(cache("oldest").vectors(of: texts).allSatisfy { $0 == nil })
        #expect(cache("older").vectors(of: texts).allSatisfy { $0 != nil })
        #expect(cache("new").vectors(of: texts).allSatisfy { $0 != nil })
    }

    @Test func writersAtOnceLoseNothingButWhatTheyWouldHaveRemembered() async throws {
        let texts = (0..<200).map(String.init)
        await withTaskGroup(of: Void.self) { group in
            for part in 0..<8 {
                group.addTask {
                    for number in stride(from: part, to: texts.count, by: 8) {
                        let vector = EmbeddingMatrix(dimension: 3, values: [Float(number), 0, 1])
                        cache().remember(vector, of: [texts[number]])
                        let found = cache().vectors(of: texts)
                        for (other, vector) in found.enumerated() {
                            #expect(vector == nil || vector == [Float(other), 0, 1])
                        }
                    }
                }
            }
        }
        // Of all that wrote at once, the last to give its file the name is there with all that it had.
        #expect(cache().vectors(of: texts).contains { $0 != nil })
        #expect(folder.names(in: "a/texts").count == 1)
    }
}
