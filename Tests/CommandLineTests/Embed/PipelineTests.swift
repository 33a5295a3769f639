import CLIPArrow
import CLIPCore
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// From photos to results, as the README shows it.
@Suite(.serialized, .ownThreads) struct PipelineTests {
    @Test func goodAndBadImagesEndUpInTheStoreOrAmongTheFailed() throws {
        let place = try Workplace()
        try place.addPhoto("rgb-420.jpg", as: "a.jpg")
        try place.addPhoto("rgb-8.png", as: "b/b.png")
        try place.addPhoto("rgba-lossy.webp", as: "b/c.webp")
        try place.addPhoto("1x1.png", as: "d-1x1.png")
        try place.addPhoto("wide-20000x20.jpg", as: "e-wide.jpg")
        try place.addPhoto("gray-16.png", as: "f-not-really.jpg")
        try place.write([UInt8](try ImageFile.bytes("rgb-420.jpg").prefix(400)), "photos/g-truncated.jpg")
        try place.write("This is text.", "photos/h-text.jpg")
        try place.write([], "photos/i-empty.png")

        let result = try place.embed()
        #expect(result.status == 1)
        #expect(result.output.contains("9 images: 6 embedded, 3 failed"))
        #expect(
            result.output.contains(
                "rejects.parquet; to count them by reason: clip-cli store info \(place.path("store"))"
            )
        )
        for (name, word) in [("g-truncated.jpg", "truncated"), ("h-text.jpg", "not a"), ("i-empty.png", "empty")] {
            let line = result.errors.split(separator: "\n").first { $0.contains(name) }
            #expect(line?.contains(word) == true, "\(line ?? "\(name) is not named")")
        }
        var ids = [String]()
        try ParquetStore(path: place.path("store")).forEachBlock(rows: 100) { ids += $0.ids }
        #expect(ids == ["a.jpg", "b/b.png", "b/c.webp", "d-1x1.png", "e-wide.jpg", "f-not-really.jpg"])
        #expect(try place.classify().status == 0)
        let lines = String(decoding: try FileBytes.read(place.path("results.csv")), as: UTF8.self).split(
            separator: "\r\n"
        )
        let cat = "score_cat,outcome_cat,positive_cat,negative_cat,neutral_cat"
        #expect(
            lines.first == "id,categories,\(cat),score_car,outcome_car,positive_car,neutral_car" && lines.count == 7
        )
    }

    @Test func damagedImagesAreEmbeddedAndCounted() throws {
        let place = try Workplace()
        try place.addPhoto("rgb-420.jpg", as: "a.jpg")
        try place.addPhoto("damaged/no-end-420-then-zeros.jpg", as: "b.jpg")
        try place.addPhoto("damaged/data-wrong-checksum-2-8.png", as: "c.png")
        let result = try place.embed()
        #expect(result.status == 0)
        #expect(result.output.contains("2 images were damaged and read as far as they go"), "\(result.output)")
        #expect(result.errors.contains("damaged b.jpg: the marker for the end of the image is missing"))
        #expect(result.errors.contains("damaged c.png: the checksum of the chunk IDAT is wrong"))
        let info = try place.run("store", "info", place.path("store"))
        #expect(info.output.contains("2 images, read as far as possible"), "\(info.output)")

        let search = try place.run("search", place.path("store"), "--image", place.path("photos/b.jpg"))
        #expect(search.status == 0)
        #expect(search.errors.contains("b.jpg is damaged"), "\(search.errors)")
    }

    @Test func damagedImagesFailIfThatIsAskedFor() throws {
        let place = try Workplace()
        try place.addPhoto("rgb-420.jpg", as: "a.jpg")
        try place.addPhoto("damaged/no-end-420-then-zeros.jpg", as: "b.jpg")
        let result = try place.embed("--strict")
        #expect(result.status == 1)
        #expect(result.output.contains("1 embedded, 1 failed"))
        #expect(result.errors.contains("the marker for the end of the image is missing"), "\(result.errors)")
    }

    @Test func failedImagesMayBeAllowed() throws {
        let place = try Workplace()
        try place.addPhoto("rgb-420.jpg", as: "a.jpg")
        try place.write("text", "photos/b.jpg")
        #expect(try place.embed("--allow-failures").status == 0)
    }

    @Test(arguments: ["jxl-rgb-lossy.jxl", "jxl-jpeg-420.jxl", "jxl-animated.jxl"])
    func codecsPrintNothing(_ name: String) throws {
        let place = try Workplace()
        let data = try FileBytes.read(RepositoryFile.path("Tests/CLIPImageFormatsTests/Fixtures/\(name)"))
        for part in 1..<10 {
            let end = data.count * part / 10
            try place.write(Array(data.prefix(end)), "photos/\(part).jxl")
            var changed = data
            changed[end] ^= 0x55
            try place.write(changed, "photos/\(part)-changed.jxl")
        }
        let lines = try place.embed("--allow-failures").errors.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("failed (decode) 5.jxl: The JPEG XL file is truncated") }, "\(lines)")
        #expect(!lines.contains { $0.contains("decode.cc") || $0.contains("missing input") }, "\(lines)")
    }

    @Test func aStoreWhoseImagesAllFailedSaysSo() throws {
        let place = try Workplace()
        try place.write("text", "photos/a.jpg")
        try place.write("text", "photos/b.jpg")
        try #require(try place.embed("--allow-failures").status == 0)
        let why = "all 2 images of its last run failed. \(place.path("store"))/rejects.parquet lists them"
        let empty = try place.classify()
        #expect(empty.status == 0)
        #expect(empty.errors.contains("warning: \(place.path("store")) has no vectors: \(why)"), "\(empty.errors)")

        try #require(unlink(place.path("store/part-00000.parquet")) == 0)
        let unreadable = try place.classify("more.csv")
        #expect(unreadable.status == 3)
        #expect(unreadable.errors.contains("no embeddings in \(place.path("store")): \(why)"), "\(unreadable.errors)")
    }

    @Test(arguments: ["results.csv", "results.jsonl", "results.parquet"])
    func resultsAreWrittenInTheFormatOfTheirName(_ name: String) throws {
        let place = try Workplace()
        try place.addPhoto("rgb-420.jpg", as: "a.jpg")
        try #require(try place.embed().status == 0)
        let result = try place.classify(name)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("category  images"))
        #expect(try FileBytes.read(place.path(name)).count > 20)
    }

    @Test func pathsAreReadFromAList() throws {
        let place = try Workplace()
        try place.addPhoto("rgb-420.jpg", as: "a.jpg")
        try place.write("\(place.path("photos/a.jpg"))\n", "list.txt")
        let result = try place.run("embed", "--files-from", place.path("list.txt"), "--output", place.path("store"))
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("1 embedded, 0 failed"))
    }

    @Test func aListComesThroughASocket() throws {
        let place = try Workplace()
        try place.addPhoto("rgb-420.jpg", as: "a.jpg")
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, streamType, 0, &ends) == 0)
        defer {
            for end in ends { close(end) }
        }
        let line = Array("\(place.path("photos/a.jpg"))\n".utf8)
        try #require(write(ends[1], line, line.count) == line.count)
        try #require(shutdown(ends[1], Int32(SHUT_WR)) == 0)
        let result = try Tool.run(
            ["embed", "--files-from", "-", "--output", place.path("store")],
            script: "exec bash -c 'exec \"$@\" <&\(ends[0])' bash \"$@\"",
            scratch: place.folder
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("1 embedded, 0 failed"))
    }

    @Test func imagesOfTheSameNameInTwoFoldersStayApart() throws {
        let place = try Workplace()
        try place.addPhoto("rgb-420.jpg", as: "one/a.jpg")
        try place.addPhoto("gray.jpg", as: "two/a.jpg")
        let (one, two) = (place.path("photos/one"), place.path("photos/two"))
        let result = try place.run("embed", one, two, "--output", place.path("store"))
        #expect(result.output.contains("2 embedded, 0 failed"))
        var ids: [String] = []
        try ParquetStore(path: place.path("store")).forEachBlock(rows: 100) { ids += $0.ids }
        #expect(ids == ["\(one)/a.jpg", "\(two)/a.jpg"])
    }

    @Test func theModelIsVerifiedAgainstItsReference() throws {
        let place = try Workplace()
        let result = try place.run("models", "verify")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("image embeddings"))
    }

    @Test func tokensPixelsAndVectorsCanBeLookedAt() throws {
        let place = try Workplace()
        try place.addPhoto("rgb-420.jpg", as: "a.jpg")
        let tokens = try place.run("tokenize", "--json", "a cat")
        let line = #"{"ids":[101,1037,4937,102],"pieces":["[CLS]","a","cat","[SEP]"],"text":"a cat"}"#
        #expect(tokens.output == line + "\n")

        let pixels = try place.run("preprocess", place.path("photos/a.jpg"), "--output", place.path("pixels.npy"))
        #expect(pixels.status == 0, "\(pixels.errors)")
        let pixelFile = try FileBytes.read(place.path("pixels.npy"))
        #expect(pixelFile.count == 128 + 224 * 224 * 3)
        #expect(String(decoding: pixelFile[10..<127], as: UTF8.self).contains("'shape': (1, 224, 224, 3)"))

        let vectors = try place.run("encode-text", "a cat", "a dog", "--output", place.path("texts.npy"))
        #expect(vectors.status == 0, "\(vectors.errors)")
        #expect(try FileBytes.read(place.path("texts.npy")).count == 128 + 2 * 384 * 4)
    }
}

#if canImport(Glibc)
private let streamType = Int32(SOCK_STREAM.rawValue)
#else
private let streamType = SOCK_STREAM
#endif
