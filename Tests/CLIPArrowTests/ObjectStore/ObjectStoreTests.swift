import CLIPArrow
import CLIPCore
import CLIPPipeline
import CLIPTesting
import Testing

@Suite struct ObjectStoreTests {
    private let server: ObjectStoreServer

    init() throws {
        server = try ObjectStoreServer.shared.get()
    }

    private func bytes(
        _ location: String,
        limit: Int = 1 << 20,
        _ reader: ObjectStoreReader? = nil
    ) async throws
        -> [UInt8]
    {
        var buffer = [UInt8](repeating: 7, count: 5000)
        try await (reader ?? server.reader()).read(location, maximumBytes: limit, into: &buffer)
        return buffer
    }

    private func images(
        _ uri: String,
        _ reader: ObjectStoreReader? = nil,
        all: Bool = false
    ) async throws
        -> [ImageReference]
    {
        let source = try ObjectStoreSource(
            uri: uri,
            reader: reader ?? server.reader(),
            options: .init(includesAllFiles: all)
        )
        return try await source.images()
    }

    private func failure(_ body: () async throws -> Void) async -> CLIPError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? CLIPError
        }
    }

    @Test func anObjectHasTheBytesThatWerePutThere() async throws {
        #expect(try await bytes("s3://photos/set/one.jpg") == (0..<4).flatMap { _ in [UInt8](0...255) })
        #expect(try await bytes("s3://photos/set/empty.jpg") == [])
    }

    @Test func anObjectIsReadInParts() async throws {
        let object = try await server.reader().open("s3://photos/set/one.jpg")
        #expect(object.byteCount == 1024)
        var part = [UInt8](repeating: 7, count: 5000)
        try await object.read(at: 250, count: 10, into: &part)
        #expect(part == [250, 251, 252, 253, 254, 255, 0, 1, 2, 3])
        let error = await failure { _ = try await server.reader().open("s3://photos/gone.tar") }
        #expect(error?.code == .notFound)
    }

    @Test func anObjectThatIsReplacedBetweenItsPartsIsAnError() async throws {
        let object = try await server.failingReader().open("s3://photos/changes/a.tar")
        var part = [UInt8]()
        let error = await failure { try await object.read(at: 100, count: 10, into: &part) }
        #expect(error?.code == .unreadable)
        #expect(error?.message.contains("s3://photos/changes/a.tar changed while it was being read") == true)
        #expect(try await bytes("s3://photos/changes/a.tar", server.failingReader()).count == 1000)
    }

    @Test func aFileURIIsPercentDecoded() async throws {
        let folder = try TemporaryFolder()
        try folder.write([1, 2, 3], to: "a b%.jpg")
        #expect(try await bytes("file://\(folder.path)/a%20b%25.jpg") == [1, 2, 3])
        #expect(try await bytes("file://localhost\(folder.path)/a%20b%25.jpg") == [1, 2, 3])
    }

    @Test(arguments: ["file://other/a.jpg", "file:///a%2", "file:///a%zz", "file:///a%00", "s3:///key"])
    func anUnreadableURIIsRefused(uri: String) async {
        #expect(await failure { _ = try await bytes(uri) }?.code == .unsupportedFormat)
    }

    @Test(arguments: ["s3://photos", "s3://photos/", "s3://photos/set", "s3://photos/set/", "s3://photos/set//"])
    func aFolderIsWalkedByTheRulesOfLocalFolders(uri: String) async throws {
        let prefix = uri.contains("set") ? "" : "set/"
        let inSet = ["a.jpg", "a/b.jpg", "deep/er/two.PNG", "empty.jpg", "one.jpg"].map { prefix + $0 }
        #expect(try await images(uri).map(\.id) == inSet + (prefix.isEmpty ? [] : ["settled/other.jpg"]))
    }

    @Test func allFilesAreOfferedOnRequestButHiddenOnes() async throws {
        let ids = try await images("s3://photos/set/", all: true).map(\.id)
        #expect(ids == ["a.jpg", "a/b.jpg", "deep/er/two.PNG", "empty.jpg", "notes.txt", "one.jpg"])
    }

    @Test(
        arguments: [
            (["*.txt", "deep/**"], [], ["deep/er/two.PNG", "notes.txt"]),
            ([], ["deep/", "a.*"], ["a/b.jpg", "empty.jpg", "one.jpg"]),
            (["*.jpg"], ["a/", "{empty,one}.jpg"], ["a.jpg"]), (["**"], ["**"], []),
        ] as [([String], [String], [String])]
    )
    func patternsAreComparedWithPathsBelowTheFolder(include: [String], exclude: [String], ids: [String]) async throws {
        let reader = server.reader()
        let bucket = try ObjectStoreSource(
            uri: "s3://photos/set/",
            reader: reader,
            options: .init(include: include, exclude: exclude)
        )
        #expect(try await bucket.images().map(\.id) == ids)
        let folder = try TemporaryFolder()
        for name in ["a.jpg", "a/b.jpg", "deep/er/two.PNG", "empty.jpg", "notes.txt", "one.jpg"] {
            try folder.write([], to: name)
        }
        let local = try ObjectStoreSource(
            uri: "file://\(folder.path)",
            options: .init(include: include, exclude: exclude)
        )
        #expect(try await local.images().map(\.id).sorted() == ids)
    }

    @Test func moreObjectsThanOnePageOfTheListingComeOnceAndInOrder() async throws {
        let found = try await images("s3://many/")
        let expected = (0..<1200).map { index in
            let digits = String(index)
            return "\(index % 7)/" + String(repeating: "0", count: 4 - digits.count) + digits + ".jpg"
        }
        #expect(found.map(\.id) == expected.sorted())
        #expect(found.allSatisfy { $0.version?.contains("@") == true })
        #expect(try await found[found.count - 1].bytes() == Array("1196".utf8))
    }

    @Test func oddNamesComeBackFromTheListingAndAreReadByTheirURI() async throws {
        let names = ["a b.jpg", "a%20b.jpg", "a+b.jpg", "grün/猫.jpg", "q?x=1.jpg", "#1.jpg", "e\u{301}.jpg"]
        let found = try await images("s3://odd/x/")
        #expect(Set(found.map { Array($0.id.utf8) }) == Set(names.map { Array($0.utf8) }))
        for image in found { #expect(try await image.bytes() == Array(image.id.utf8)) }
        for name in names { #expect(try await bytes("s3://odd/x/" + name) == Array(name.utf8)) }
    }

    @Test func aKeyWithAnEmptyPartIsListedAndCannotBeRead() async throws {
        let found = try await images("s3://odd/y/")
        #expect(found.map(\.id) == ["d//e.jpg"])
        let error = await failure { _ = try await found[0].bytes() }
        #expect(error?.code == .unreadable)
        #expect(error?.message.contains("s3://odd/y/d//e.jpg") == true)
    }

    @Test(arguments: ["s3://photos/none.jpg", "s3://photos/set", "s3://no-such-bucket/a.jpg"])
    func aMissingObjectIsNotFoundAndNamed(location: String) async {
        let error = await failure { _ = try await bytes(location) }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains(location) == true)
    }

    @Test(arguments: ["s3://photos/nothing/", "s3://no-such-bucket/"])
    func aMissingFolderIsNotFound(uri: String) async {
        #expect(await failure { _ = try await images(uri) }?.code == .notFound)
    }

    @Test func aLargeObjectIsRefusedBeforeItIsRead() async {
        let read = await failure { _ = try await bytes("s3://photos/set/one.jpg", limit: 1023) }
        #expect(read?.code == .limitExceeded)
        // The size is known, so the body, which would never come, is not asked for.
        let stalled = await failure { _ = try await bytes("s3://b/stalls", limit: 999, server.failingReader()) }
        #expect(stalled?.code == .limitExceeded)
    }

    @Test(arguments: ["s3://b/closes", "s3://b/stalls"])
    func aServerThatGoesAwayInTheMiddleIsAnError(location: String) async {
        let reader = server.failingReader { $0.requestTimeout = .seconds(1) }
        let error = await failure { _ = try await bytes(location, reader) }
        #expect(error?.code == .unreadable)
        #expect(error?.message.contains(location) == true)
    }

    /// Only an object that is gone may be removed from a store, and a key may hold the words of any error.
    @Test(arguments: [
        "NO_SUCH_KEY-1.jpg", "Bucket 'b' not found.jpg",
        "x' in bucket 'b': AWS Error NO_SUCH_KEY during GetObject operation: .jpg",
        "AWS Error RESOURCE_NOT_FOUND during HeadObject operation: .jpg", "ACCESS_DENIED ExpiredToken.jpg", "a.jpg",
    ])
    func anErrorIsToldByItsCodeAndNotByTheNameOfTheObject(name: String) async {
        for error in [
            await failure { _ = try await bytes("s3://b/breaks/\(name)", server.failingReader()) },
            await failure { _ = try await bytes("s3://b/breaks-late/\(name)", server.failingReader()) },
            await failure { _ = try await images("s3://b/breaks/\(name)/", server.failingReader()) },
        ] {
            #expect(error?.code == .unreadable)
            #expect(error?.message.contains("credentials") == false, "\(error?.message ?? "no error")")
            #expect(error?.message.contains(name) == true)
        }
    }

    @Test func aListingOfAnotherFolderIsNotBelieved() async {
        let error = await failure { _ = try await images("s3://b/strange/", server.failingReader()) }
        #expect(error?.code == .unreadable)
        #expect(error?.message.contains("not below this folder") == true)
    }

    @Test func aServerThatIsNotThereIsNamed() async {
        let reader = server.reader { $0.endpoint = "http://127.0.0.1:1" }
        for error in [
            await failure { _ = try await bytes("s3://photos/set/one.jpg", reader) },
            await failure { _ = try await images("s3://photos/", reader) },
        ] {
            #expect(error?.code == .unreadable)
            #expect(error?.message.contains("http://127.0.0.1:1") == true)
        }
    }

    @Test func deniedAccessSpeaksOfCredentialsAndRepeatsNone() async {
        for error in [
            await failure { _ = try await bytes("s3://b/denied", server.failingReader()) },
            await failure { _ = try await images("s3://b/x/", server.failingReader()) },
        ] {
            #expect(error?.code == .unreadable)
            #expect(error?.message.contains("AWS_ACCESS_KEY_ID") == true)
            #expect(error?.description.contains(ObjectStoreServer.secret) == false)
        }
    }

    @Test(arguments: [
        "s3://key:hidden@photos/a.jpg", "s3://key@photos/hidden", "s3://key:hid/den@photos/a.jpg",
        "s3://photos/a.jpg?access_key=k&secret_key=hidden", "s3://photos/a.jpg?X-Amz-Signature=hidden",
        "https://user:hidden@example.org/a.jpg",
    ])
    func aURIWithCredentialsIsRefusedBeforeItBecomesAnID(location: String) async throws {
        var iterator = try ListSource(paths: [location]).makeIterator()
        let entry = try #require(try await iterator.next())
        #expect(entry.id == "source 1")
        let listed = await failure { _ = try await entry.bytes() }
        #expect(listed?.code == .unreadable)
        #expect(listed?.message.contains("hid") == false)
        let image = ImageLocations().image(at: location, id: "a")
        #expect(await failure { _ = try await image.bytes() }?.message == listed?.message)
        if location.hasPrefix("s3") {
            #expect(await failure { _ = try ObjectStoreSource(uri: location) }?.message == listed?.message)
            #expect(await failure { _ = try await bytes(location) }?.message == listed?.message)
        }
    }

    @Test func manyReadersShareTheConnections() async throws {
        let reader = server.reader { $0.maximumConnections = 4 }
        let results = try await withThrowingTaskGroup { group in
            for index in 0..<40 {
                group.addTask {
                    var buffer = [UInt8]()
                    let name = "\(index % 7)/00\(index < 10 ? "0" : "")\(index).jpg"
                    try await reader.read("s3://many/\(name)", maximumBytes: 100, into: &buffer)
                    return buffer == Array(String(index).utf8)
                }
            }
            return try await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(results == Array(repeating: true, count: 40))
    }

    @Test func aFolderURIOfThisMachineIsAFolderSource() async throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "x y/b.jpg")
        try folder.write([2], to: "x y/.c.jpg")
        let found = try await images("file://\(folder.path)/x%20y/")
        #expect(found.map(\.id) == ["b.jpg"])
        #expect(try await found.first?.bytes() == [1])
        #expect(try await ObjectStoreSource(uri: "file://\(folder.path)/x%20y").count() == 1)
    }
}
