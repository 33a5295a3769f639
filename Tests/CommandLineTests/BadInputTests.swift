import CLIPCore
import CLIPPipeline
import CLIPTesting
import CLIPTorch
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Each mistake gets a message that names the file and the field, and the exit code that the help promises.
@Suite(.serialized, .ownThreads) struct BadInputTests {
    private func expect(_ result: Tool.Result, _ status: Int32, _ words: String...) {
        #expect(result.status == status)
        for word in words {
            #expect(result.errors.contains(word), "\"\(word)\" is not in: \(result.errors)")
        }
    }

    private func placeWithStore() throws -> Workplace {
        let place = try Workplace()
        try place.addPhoto("rgb-420.jpg", as: "a.jpg")
        try #require(try place.embed().status == 0)
        return place
    }

    @Test func wrongUseSaysHowToUseIt() throws {
        let place = try Workplace()
        expect(try place.run("embed"), 2, "--output", "Usage")
        expect(try place.run("embed", "--output", "x"), 2, "at least one folder")
        expect(try place.run("embed", "x", "--output", "y", "--batch-size", "0"), 2, "--batch-size")
        expect(try place.run("embed", "x", "--output", "y", "--batch-size", "9000000"), 2, "--batch-size")
        for interval in ["inf", "nan", "1e30", "-1"] {
            let result = try place.run("embed", "x", "--output", "y", "--commit-interval=\(interval)")
            expect(result, 2, "--commit-interval must be")
        }
        expect(try place.run("frobnicate"), 2, "frobnicate")
        expect(try place.run("classify", "x", "--categories", "y", "--output", "results.txt"), 2, ".csv", "results.txt")
    }

    @Test func helpAndVersionAreNoErrors() throws {
        let place = try Workplace()
        let help = try place.run("--help")
        #expect(help.status == 0 && help.output.contains("embed") && help.output.contains("classify"))
        let version = try place.run("--version")
        #expect(version.status == 0 && version.output == "\(LibraryVersion.current)\n")
    }

    @Test func anEmptyOrMissingFolderIsNamed() throws {
        let place = try Workplace()
        try place.write("no image", "photos/readme.txt")
        expect(try place.embed(), 3, place.path("photos"), "No images")
        expect(try place.run("embed", place.path("gone"), "--output", place.path("store")), 3, place.path("gone"))
        #expect(throws: CLIPError.self) { try FolderSource(path: place.path("store")).makeIterator() }
    }

    @Test func aTableOrListWithoutImagesHasNoRowOrLine() throws {
        let place = try Workplace()
        try place.write("path\n", "empty.csv")
        try place.write("", "list.txt")
        for source in [[place.path("empty.csv")], ["--files-from", place.path("list.txt")]] {
            let result = try Tool.run(["embed"] + source + ["--output", place.path("store")], scratch: place.folder)
            expect(result, 3, "no row or line names one")
        }
    }

    @Test func whatLeavesNoImagesIsSaid() throws {
        let place = try Workplace()
        try place.write("no image", "photos/readme.txt")
        try place.write("no image", "a1/readme.txt")
        // The output's name occurs in words of the message, and is similar to a folder's.
        let embed = ["embed", place.path("photos"), "--output", "a"]
        let script = "tool=$(realpath \"$1\"); shift; cd '\(place.folder.path)'; exec \"$tool\" \"$@\""
        let result = try Tool.run(embed, script: script, scratch: place.folder)
        expect(result, 3, "Archives in folders and in other archives are not opened")
        #expect(!result.errors.contains("Did you mean"), "\(result.errors)")
        let filtered = embed.dropLast() + [place.path("store"), "--include", "2024/*"]
        expect(try Tool.run(Array(filtered), scratch: place.folder), 3, "--include and --exclude")
        let pattern = place.path("takeout-*.zip")
        expect(try place.run("embed", pattern, "--output", place.path("store")), 3, "No archives match '\(pattern)'")
    }

    @Test(arguments: ["s3://bucket/photos.parquet", "file:///photos.csv"])
    func tablesElsewhereAreRefusedByName(uri: String) throws {
        let place = try Workplace()
        expect(try place.run("embed", uri, "--output", place.path("store")), 3, uri, "must be local files")
    }

    @Test func aStoreThatWasMadeInAnotherWayIsNotGoneOnWith() throws {
        let place = try placeWithStore()
        expect(try place.embed("--float16"), 3, place.path("store"), "float32", "float16")
        let ignore = try place.embed("--exif-orientation", "ignore")
        expect(ignore, 3, place.path("store"), "orientation applied", "orientation ignored")
        #expect(try place.embed().output.contains("1 image: 0 embedded, 1 skipped (unchanged)"))
    }

    @Test func aFolderThatCannotBeWrittenIsNamed() throws {
        let place = try placeWithStore()
        expect(try place.run("embed", place.path("photos"), "--output", "/proc/store"), 3, "/proc/store")
        #expect(
            try place.run("embed", place.path("photos"), "--output", place.path("photos/a.jpg")).errors.contains(
                "it is a file"
            )
        )
    }

    /// The thread sanitizer writes a file when a program starts.
    @Test(.enabled(if: !Sanitizer.isForThreads)) func aFullDiskIsNamedAndNothingHalfWrittenIsLeft() throws {
        let place = try placeWithStore()
        let full = try Tool.run(
            ["embed", place.path("photos"), "--output", place.path("full")],
            scratch: place.folder,
            largestFile: 1
        )
        expect(full, 3, place.path("full"), "File too large")
        #expect(!full.errors.contains(".tmp"))
        try place.folder.write([], to: "full/x")
        #expect(Set(place.folder.names(in: "full")) == ["x"])
    }

    static let categoryMistakes: [(String, [String])] = [
        ("categories: {cat: {positive: [a], treshold: 1}}", ["categories.yaml:1:", "'treshold'", "'cat'"]),
        ("threshold: 0\ncategories: {cat: {negative: [a]}}", ["categories.yaml:2:", "'cat'", "positive"]),
        ("categories: {cat: {positive: [a], threshold: x}}", ["categories.yaml:1:", "'threshold'", "'cat'", "\"x\""]),
        ("threshold: 0\nrule: magic\ncategories: {cat: {positive: [a]}}", ["categories.yaml:2:", "magic", "contrast"]),
    ]

    @Test(arguments: categoryMistakes)
    func aMistakeInACategoryFileIsNamedWithItsPlace(_ text: String, _ words: [String]) throws {
        let place = try placeWithStore()
        let result = try place.classify(categories: text)
        #expect(result.status == 3)
        for word in words {
            #expect(result.errors.contains(word), "\"\(word)\" is not in: \(result.errors)")
        }
        #expect(throws: CLIPError.self) { try FileBytes.read(place.path("results.csv")) }
    }

    @Test func embeddingsOfAnotherModelAreRefused() throws {
        let place = try placeWithStore()
        let source = ModelLibrary.path(of: ModelLibrary.defaultName)
        let json = String(decoding: try FileBytes.read(source + "/model.json"), as: UTF8.self)
        let other = json.split(separator: "\"name\": \"default").joined(separator: "\"name\": \"other")
        try place.write(other, "model/model.json")
        let files = [
            "image_encoder.pt", "text_encoder.pt", "golden.json", "golden.f32", "vocab.txt", "NOTICE.txt", "golden",
        ]
        for name in files {
            symlink("\(source)/\(name)", place.path("model/\(name)"))
        }
        try place.write(Workplace.categories, "categories.yaml")
        let result = try place.run(
            "classify",
            place.path("store"),
            "--categories",
            place.path("categories.yaml"),
            "--output",
            place.path("results.csv"),
            "--model",
            place.path("model")
        )
        expect(result, 3, "default-", "other-", "sha256")
    }

    @Test func anIncompleteOrAlteredBundleIsNamed() throws {
        let place = try placeWithStore()
        expect(try place.embed("--model", place.path("nothing")), 3, place.path("nothing"), "model.json")
        let unknown = try place.embed("--model", "no-such-model")
        expect(
            unknown,
            3,
            "No model named 'no-such-model' is installed in \(ModelLibrary.folder)",
            "--model no-such-model --pretrained TAG"
        )
        let known = try place.embed("--model", "ViT-B-32", "--no-cache")
        let output = "--output \(ModelLibrary.folder)/ViT-B-32"
        expect(known, 3, "make export ARGS=\"--model ViT-B-32 --pretrained laion2b_s34b_b79k \(output)\"")
        expect(unknown, 3, "installed: ", ModelLibrary.defaultName)
        for (ending, options) in [
            ("-openvino", " --engine openvino"), ("-openvino-int8", " --engine openvino --precision int8"),
        ] {
            let result = try place.run("models", "show", "ViT-B-32\(ending)")
            let command = "--model ViT-B-32 --pretrained laion2b_s34b_b79k\(options) "
            expect(result, 3, "make export ARGS=\"\(command)\(output)\(ending)\"")
        }
        let elsewhere = try place.run("models", "show", place.path(ModelLibrary.defaultName))
        expect(elsewhere, 3, "A model named 'default' is installed: pass that name alone, without a folder.")
        let source = ModelLibrary.path(of: ModelLibrary.defaultName)
        try place.write(try FileBytes.read(source + "/model.json"), "model/model.json")
        expect(try place.embed("--model", place.path("model")), 3, "image_encoder.pt", "missing")
        expect(try place.run("models", "verify", place.path("model")), 3, "NOTICE.txt", "missing")
        for name in ["image_encoder.pt", "NOTICE.txt"] { try place.write("altered", "model/\(name)") }
        expect(try place.embed("--model", place.path("model")), 3, "image_encoder.pt", "modified")
        expect(try place.run("models", "verify", place.path("model")), 3, "NOTICE.txt", "modified")
    }

    @Test func aFolderWithoutEmbeddingsIsNamed() throws {
        let place = try Workplace()
        try place.write("x", "store/other.txt")
        expect(try place.classify(), 3, place.path("store"), "no embeddings", "It is not a store: pass the folder")
    }

    @Test func aMissingStoreIsNamedWithTheCommandThatMakesIt() throws {
        let place = try Workplace()
        let path = place.path("store")
        expect(try place.classify(), 3, "There is no store at \(path).", "'clip-cli embed <photos> --output \(path)'")
        try place.write(Workplace.categories, "categories.yaml")
        let (scores, new) = (place.path("gone.parquet"), place.path("results.csv"))
        let result = try place.run("classify", scores, "--categories", place.path("categories.yaml"), "--output", new)
        expect(result, 3, "Cannot read \(scores): No such file or directory.")
    }

    @Test func missingResultsOfAReportAreNamed() throws {
        let place = try placeWithStore()
        let results = place.path("gone.parquet")
        let report = ["report", place.path("store"), "--results", results, "--output", place.path("report.html")]
        let result = try Tool.run(report, scratch: place.folder)
        expect(result, 3, "Cannot read \(results): No such file or directory. Run 'clip-cli classify' first.")
    }

    @Test func aSimilarNameIsSuggestedForAMissingPath() throws {
        let place = try placeWithStore()
        try place.write(Workplace.categories, "categories.yaml")
        let output = ["--output", place.path("results.csv")]
        let (store, categories) = (place.path("store"), place.path("categories.yaml"))
        for (words, suggestion) in [
            ([store, "--categories", place.path("categories.yml")], categories),
            ([store, "--categories=\(place.path("category.yaml"))"], categories),
            ([place.path("stores/"), "--categories", categories], store),
        ] {
            let result = try Tool.run(["classify"] + words + output, scratch: place.folder)
            expect(result, 3, "Did you mean '\(suggestion)'?")
        }
        let other = try place.run("classify", store, "--categories", place.path("birds.json"), output[0], output[1])
        #expect(other.status == 3 && !other.errors.contains("Did you mean"), "\(other.errors)")
    }

    @Test func aDeviceThatIsNotThereIsNamed() throws {
        let place = try placeWithStore()
        let output = ["--output", place.path("other")]
        let missing = try Tool.run(
            ["embed", place.path("photos"), "--device", "cuda:99"] + output,
            scratch: place.folder
        )
        expect(missing, 3, "cuda:99")
        let unknown = try Tool.run(["embed", place.path("photos"), "--device", "gpu"] + output, scratch: place.folder)
        expect(unknown, 2, "'gpu'", "cpu, cuda")
    }
}
