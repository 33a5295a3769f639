import CLIPArrow
import CLIPCore
import CLIPTesting
import TestSupport

/// A folder with images, categories and whatever a test needs, and the tool run in it.
struct Workplace {
    static let categories = """
        threshold: 0.1
        neutral: ["a photo."]
        categories:
          cat: {positive: ["a cat"], negative: ["a dog"]}
          car: {positive: ["a car"]}
        """

    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    func write(_ bytes: [UInt8], _ name: String) throws { try folder.write(bytes, to: name) }

    /// Copies an image of the decoders' tests into `photos`.
    func addPhoto(_ fixture: String, as name: String) throws {
        try write(ImageFile.bytes(fixture), "photos/\(name)")
    }

    func write(_ text: String, _ name: String) throws { try write(Array(text.utf8), name) }

    func run(_ arguments: String...) throws -> Tool.Result {
        try Tool.run(arguments, scratch: folder)
    }

    /// Embeds the images of `photos` into `store`.
    func embed(_ options: String...) throws -> Tool.Result {
        try Tool.run(["embed", path("photos"), "--output", path("store")] + options, scratch: folder)
    }

    /// The ids of the images in `store`.
    func ids() throws -> Set<String> {
        var ids = Set<String>()
        try ParquetStore(path: path("store")).forEachBlock(rows: 1000) { ids.formUnion($0.ids) }
        return ids
    }

    /// Classifies what is in `store`.
    func classify(_ result: String = "results.csv", categories: String = Self.categories) throws -> Tool.Result {
        try write(categories, "categories.yaml")
        return try run(
            "classify",
            path("store"),
            "--categories",
            path("categories.yaml"),
            "--output",
            path(result)
        )
    }
}

/// Image files of the decoders' tests.
enum ImageFile {
    static func bytes(_ name: String) throws -> [UInt8] {
        try FileBytes.read(RepositoryFile.path("Tests/CLIPImageTests/Fixtures/\(name)"))
    }
}
