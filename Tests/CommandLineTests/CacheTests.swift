import CLIPCore
import CLIPTesting
import CLIPTorch
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What was computed once is not computed again, and is the same.
@Suite(.serialized, .ownThreads) struct CacheTests {
    /// A store, a model whose files are links to the default one's, and a cache folder of its own.
    private struct Place {
        let work: Workplace

        init() throws {
            work = try Workplace()
            for name in ["rgb-420.jpg", "gray.jpg"] { try work.addPhoto(name, as: name) }
            let source = ModelLibrary.path(of: ModelLibrary.defaultName)
            try work.write(try FileBytes.read("\(source)/model.json"), "model/model.json")
            for name in ["image_encoder.pt", "text_encoder.pt", "vocab.txt"] {
                symlink("\(source)/\(name)", work.path("model/\(name)"))
            }
            try #require(try run("embed", work.path("photos"), "--output", work.path("store")).status == 0)
        }

        /// Runs the tool with the model and the cache folder.
        func run(_ arguments: String...) throws -> Tool.Result { try run(arguments) }

        func run(_ arguments: [String]) throws -> Tool.Result {
            try Tool.run(
                arguments + ["--model", work.path("model")],
                script: "OPENCLIP_CACHE='\(work.path("cache"))' exec \"$@\"",
                scratch: work.folder
            )
        }

        func classify(_ categories: String, _ options: String...) throws -> [UInt8] {
            try work.write(categories, "categories.yaml")
            let files = [work.path("store"), "--categories", work.path("categories.yaml")]
            let result = try run(["classify"] + files + ["--output", work.path("results.csv")] + options)
            #expect(result.status == 0, "\(result.errors)")
            return try FileBytes.read(work.path("results.csv"))
        }

        /// Takes a file of the model away, or puts it back.
        func move(_ name: String, to other: String) throws {
            try #require(rename(work.path("model/\(name)"), work.path("model/\(other)")) == 0)
        }
    }

    @Test func anotherThresholdTakesNoWeightsAndNoVocabulary() throws {
        let place = try Place()
        _ = try place.classify(Workplace.categories)
        for name in ["text_encoder.pt", "image_encoder.pt", "vocab.txt"] { try place.move(name, to: "\(name).away") }
        let changed = Workplace.categories.replacing("threshold: 0.1", with: "threshold: -1")
        let known = try place.classify(changed)
        let categories = place.work.path("categories.yaml")
        for arguments in [
            ["score", place.work.path("store"), "--categories", categories, "--output", place.work.path("scores.csv")],
            ["search", place.work.path("store"), "a cat"],
            ["encode-text", "a car", "a dog", "--force", "--output", place.work.path("vectors.npy")],
            ["diff", place.work.path("store"), categories, categories],
        ] {
            let result = try place.run(arguments)
            #expect(result.status == 0, "\(arguments[0]): \(result.errors)")
        }

        // A description that is new needs what is gone.
        let new = try place.run(
            "encode-text",
            "a cat",
            "a zebra",
            "--force",
            "--output",
            place.work.path("vectors.npy")
        )
        #expect(new.status == 3)
        #expect(new.errors.contains("vocab.txt, which model.json lists, is missing"), "\(new.errors)")
        try place.move("vocab.txt.away", to: "vocab.txt")
        let encoder = try place.run(
            "encode-text",
            "a cat",
            "a zebra",
            "--force",
            "--output",
            place.work.path("vectors.npy")
        )
        #expect(encoder.status == 3)
        #expect(encoder.errors.contains("text_encoder.pt, which model.json lists, is missing"), "\(encoder.errors)")
        let without = try place.run(
            "encode-text",
            "a cat",
            "--force",
            "--output",
            place.work.path("vectors.npy"),
            "--no-cache"
        )
        #expect(without.status == 3)

        try place.move("text_encoder.pt.away", to: "text_encoder.pt")
        #expect(try place.classify(changed, "--no-cache") == known)
    }

    @Test func resultsAreTheSameWhateverIsKnown() throws {
        let place = try Place()
        let reference = try place.classify(Workplace.categories, "--no-cache")
        #expect(!place.work.folder.names(in: "cache").contains("texts"))
        _ = try place.run(
            "encode-text",
            "a car on a road by the sea",
            "a dog",
            "--force",
            "--output",
            place.work.path("v.npy")
        )
        #expect(try place.classify(Workplace.categories) == reference)
        #expect(try place.classify(Workplace.categories) == reference)
        let names = place.work.folder.names(in: "cache/texts")
        #expect(names.count == 1)
        for name in names { try place.work.write("damaged", "cache/texts/\(name)") }
        #expect(try place.classify(Workplace.categories) == reference)
        #expect(try FileBytes.size(place.work.path("cache/texts/\(names[0])")) > 1000)
    }

    @Test func theEnvironmentSaysWhereIsRemembered() throws {
        let place = try Place()
        let home = place.work.path("home")
        func names(_ environment: String) throws -> [String] {
            let result = try Tool.run(
                [
                    "encode-text", "a cat", "--force", "--output", place.work.path("v.npy"), "--model",
                    place.work.path("model"),
                ],
                script: "export XDG_CACHE_HOME='\(home)'; \(environment); exec \"$@\"",
                scratch: place.work.folder
            )
            #expect(result.status == 0, "\(result.errors)")
            return place.work.folder.names(in: "home/swift-openclip/texts")
        }
        #expect(try names("export OPENCLIP_CACHE=").isEmpty)
        #expect(try names("export OPENCLIP_CACHE='\(place.work.path("own"))'").isEmpty)
        #expect(place.work.folder.names(in: "own/texts").count == 1)
        #expect(try names("unset OPENCLIP_CACHE").count == 1)
    }

    /// As with a home that may only be read, or none.
    @Test func aCacheFolderThatCannotBeMadeIsNoError() throws {
        let place = try Place()
        try place.work.write("", "file")
        let file = place.work.path("file")
        for environment in [
            "OPENCLIP_CACHE='\(file)'", "unset OPENCLIP_CACHE; XDG_CACHE_HOME='\(file)'",
            "unset OPENCLIP_CACHE; XDG_CACHE_HOME= HOME=",
        ] {
            let result = try Tool.run(
                [
                    "encode-text", "a cat", "--force", "--output", place.work.path("v.npy"), "--model",
                    place.work.path("model"),
                ],
                script: "\(environment) exec \"$@\"",
                scratch: place.work.folder
            )
            #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        }
    }

    @Test func aFileThatChangedIsRefusedAlthoughItWasRightBefore() throws {
        let place = try Place()
        _ = try place.classify(Workplace.categories)
        try place.move("text_encoder.pt", to: "text_encoder.pt.away")
        try place.work.write("other weights", "model/text_encoder.pt")
        let result = try place.run("encode-text", "something new", "--force", "--output", place.work.path("v.npy"))
        #expect(result.status == 3)
        #expect(result.errors.contains("was modified: text_encoder.pt"), "\(result.errors)")
    }
}
