import CLIPArrow
import CLIPCore
import CLIPDatabase
import CLIPPipeline
import CLIPTesting

/// An SQLite file in a folder of its own.
struct SQLiteFile {
    let folder: TemporaryFolder
    let database: Database

    var path: String { "\(folder.path)/photos.sqlite" }

    init() throws {
        folder = try TemporaryFolder()
        database = try Database(url: "\(folder.path)/photos.sqlite")
    }

    /// Runs statements.
    func run(_ statements: String...) throws {
        let connection = try DatabaseConnection(database, for: .writing)
        for statement in statements { try connection.execute(statement) }
    }

    /// The rows of a query.
    func rows(_ query: String) throws -> [[String?]] { try database.texts(query) }

    /// The images of a query.
    func images(_ query: String, _ options: TableSource.Options = .init()) async throws -> [ImageReference] {
        var iterator = try database.images(query: query, options: options).makeIterator()
        var images = [ImageReference]()
        while let image = try await iterator.next() { images.append(image) }
        return images
    }
}
