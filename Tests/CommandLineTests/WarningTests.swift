import CLIPCore
import TestSupport
import Testing

/// What libtorch says by itself.
///
/// Loading an int8 model makes it warn.
@Suite(.serialized, .ownThreads) struct WarningTests {
    private let place: Workplace
    private let model: String

    init() throws {
        place = try Workplace()
        model = RepositoryFile.path("build/test-models/vit-quickgelu-int8")
        try #require((try? FileBytes.read("\(model)/model.json")) != nil, "'make test' makes \(model)")
    }

    @Test func aWarningIsLeftOut() throws {
        let result = try place.run("models", "verify", model)
        #expect(result.status == 0)
        #expect(result.errors == "")
    }

    @Test func aWarningIsALineForPeopleWhenItIsAskedFor() throws {
        let result = try place.run("models", "verify", model, "--verbose")
        #expect(result.status == 0)
        let lines = result.errors.split(separator: "\n")
        #expect(!lines.isEmpty)
        for line in lines {
            #expect(line.hasPrefix("warning: libtorch: ") && line.contains("deprecated"))
            #expect(!line.contains(".cpp") && !line.contains("operator()"))
        }
    }

    @Test(arguments: ["text", "json"]) func aRunShowsWarningsInItsOwnForm(format: String) throws {
        try place.addPhoto("rgb-420.jpg", as: "a.jpg")
        let quiet = try place.embed("--model", model, "--log-format", format)
        #expect(quiet.status == 0 && !quiet.errors.contains("deprecated"))

        try place.addPhoto("rgb-420.jpg", as: "b.jpg")
        let verbose = try place.embed("--model", model, "--log-format", format, "--verbose")
        #expect(verbose.status == 0)
        let start = format == "json" ? "{\"event\":\"warning\",\"message\":\"libtorch: " : "warning: libtorch: "
        let lines = verbose.errors.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix(start) && $0.contains("deprecated") }, "\(verbose.errors)")
        #expect(format == "text" || lines.allSatisfy { $0.hasPrefix("{") })
    }
}
