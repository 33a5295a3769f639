import CLIPCore
import CLIPTesting
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// An image is not replaced by another one that has its id, from another folder or with the same path in another one.
@Suite(.serialized, .ownThreads) struct OtherFileTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        try place.addPhoto("rgb-420.jpg", as: "a.jpg")
        try place.write(ImageFile.bytes("gray.jpg"), "mixed/b.jpg")
        try #require(try place.embed().status == 0)
    }

    /// Embeds a list into the store `lists`, in a working folder.
    private func embed(_ list: String, in folder: String) throws -> Tool.Result {
        let command = ["embed", "--files-from", place.path(list), "--output", place.path("lists")]
        return try Tool.run(command, script: "cd \(place.path(folder)); exec \"$@\"", scratch: place.folder)
    }

    @Test(arguments: ["mixed", "photos/sub", "mixed/a.jpg"])
    func anImageIsNotReplacedByAnother(source: String) throws {
        for folder in ["mixed", "photos/sub"] { try place.write(ImageFile.bytes("gray.jpg"), "\(folder)/a.jpg") }
        try #require(try place.embed().status == 0)
        let stored = try place.ids()
        // From inside the folder, a single file has the same id as well.
        let isFile = source.hasSuffix(".jpg")
        let script = "cd \(place.path(isFile ? "mixed" : source)); exec \"$@\""
        let command = ["embed", isFile ? "a.jpg" : place.path(source), "--output", place.path("store")]
        let refused = try Tool.run(command, script: script, scratch: place.folder)
        let reason = "\(isFile ? source : "\(source)/a.jpg") would replace it"
        #expect(refused.status == 3 && refused.errors.contains(reason), "\(refused.errors)")
        #expect(try place.ids() == stored)
    }

    @Test func anImageIsReplacedByThatOfAnotherFolderOnRequest() throws {
        try place.write(ImageFile.bytes("gray.jpg"), "mixed/a.jpg")
        let command = ["embed", place.path("mixed"), "--output", place.path("store")]
        #expect(try Tool.run(command, scratch: place.folder).status == 3)
        #expect(try Tool.run(command + ["--allow-new-ids"], scratch: place.folder).status == 0)
        #expect(try place.ids() == ["a.jpg", "b.jpg"])
    }

    @Test(arguments: [false, true])
    func aNewImageOfAKnownFolderDoesNotReplaceThatOfAnother(isTouched: Bool) throws {
        func embed(_ folder: String, _ options: String...) throws -> Tool.Result {
            let command = ["embed", place.path(folder), "--output", place.path("store")] + options
            return try Tool.run(command, scratch: place.folder)
        }
        #expect(try embed("mixed").status == 0)
        if isTouched { try place.write(ImageFile.bytes("gray.jpg"), "mixed/b.jpg") }
        try place.addPhoto("rgb-420.jpg", as: "b.jpg")
        let refused = try embed("photos")
        #expect(
            refused.status == 3 && refused.errors.contains("photos/b.jpg would replace it"),
            "\(refused.errors)"
        )
        #expect(try embed("mixed").output.contains("1 skipped (unchanged)"))
        // Once it was allowed to, it has the id.
        #expect(try embed("photos", "--allow-new-ids").output.contains("1 embedded, 1 skipped (unchanged)"))
        try place.addPhoto("gray.jpg", as: "b.jpg")
        #expect(try embed("photos").output.contains("1 embedded, 1 skipped (unchanged)"))
    }

    @Test func aFolderDoesNotReplaceAnImageOfARelativeList() throws {
        try place.write("a.jpg\n", "list.txt")
        #expect(try embed("list.txt", in: "photos").status == 0)
        try place.write(ImageFile.bytes("gray.jpg"), "mixed/a.jpg")
        let refused = try place.run("embed", place.path("mixed"), "--output", place.path("lists"))
        #expect(
            refused.status == 3 && refused.errors.contains("mixed/a.jpg would replace it"),
            "\(refused.errors)"
        )
        let same = try place.run("embed", place.path("photos"), "--output", place.path("lists"))
        #expect(same.output.contains("1 skipped (unchanged)"), "\(same.output)\(same.errors)")
    }

    @Test func anImageOfTheSameSizeAndTimeIsNotReplacedIfContentsAreCompared() throws {
        for folder in ["one", "two"] {
            try place.write(ImageFile.bytes("gray.jpg") + Array(folder.utf8), "\(folder)/a.jpg")
        }
        func embed(_ folder: String, _ options: String...) throws -> Tool.Result {
            let command = ["embed", place.path(folder), "--output", place.path("other")] + options
            let script = "touch -d @1700000000 \(place.folder.path)/*/a.jpg; exec \"$@\""
            return try Tool.run(command, script: script, scratch: place.folder)
        }
        #expect(try embed("one").output.contains("1 embedded"))
        #expect(try embed("two").output.contains("1 skipped (unchanged)"))
        let refused = try embed("two", "--compare-content")
        #expect(refused.status == 3 && refused.errors.contains("two/a.jpg would replace it"), "\(refused.errors)")
        #expect(try embed("one", "--compare-content").output.contains("1 skipped (unchanged)"))
    }

    @Test(arguments: ["b.jpg", "./b.jpg", "link/b.jpg"])
    func aChangedImageOfAListIsEmbeddedWhateverOtherFoldersHave(name: String) throws {
        for folder in ["photos", "mixed"] { try #require(symlink(".", place.path("\(folder)/link")) == 0) }
        try place.write("\(place.path("photos/a.jpg"))\n", "absolute.txt")
        try place.write("\(name)\n", "list.txt")
        #expect(try embed("absolute.txt", in: "photos").status == 0)
        #expect(try embed("list.txt", in: "mixed").status == 0)
        try place.addPhoto("rgb-8.png", as: "b.jpg")
        try place.write(ImageFile.bytes("rgb-420.jpg"), "mixed/b.jpg")
        let changed = try embed("list.txt", in: "mixed")
        #expect(changed.status == 0 && changed.output.contains("1 embedded"), "\(changed.output)\(changed.errors)")
    }

    @Test func theFileOfAListInAnotherFolderDoesNotReplaceOne() throws {
        try place.write(ImageFile.bytes("gray.jpg"), "one/img/0.jpg")
        try place.write(ImageFile.bytes("rgb-420.jpg"), "two/img/0.jpg")
        try place.write(ImageFile.bytes("rgb-420.jpg"), "two/img/1.jpg")
        try place.write("img/0.jpg\n", "list.txt")
        try place.write("img/1.jpg\nimg/0.jpg\n", "other.txt")
        for _ in 1...2 { #expect(try embed("list.txt", in: "one").status == 0) }
        for list in ["list.txt", "other.txt"] {
            let refused = try embed(list, in: "two")
            #expect(
                refused.status == 3 && refused.errors.contains("two/img/0.jpg would replace it"),
                "\(refused.errors)"
            )
        }
        // Nothing there has an id that the store has.
        try place.write("img/1.jpg\n", "other.txt")
        #expect(try embed("other.txt", in: "two").status == 0)
        // Whatever appears elsewhere, the store's image is of this file.
        try place.write(ImageFile.bytes("gray.jpg"), "one/img/1.jpg")
        #expect(try embed("other.txt", in: "two").status == 0)
    }
}
