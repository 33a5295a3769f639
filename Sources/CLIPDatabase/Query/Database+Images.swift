public import CLIPArrow
public import CLIPCore
public import CLIPPipeline

extension Database {
    /// The images of a query's rows, which are read in batches, whatever their number.
    ///
    /// Columns have the same roles as in a table (`TableSource`). Relative paths start at the working directory.
    ///
    /// The query runs each time that the images are read, over a connection of its own, and once for their number. A lost
    /// connection ends the walk with an error.
    ///
    /// - Parameters:
    ///   - query: A single `SELECT`. Give it an order if messages should name the same row each time.
    ///   - options: The roles of the columns.
    ///   - locations: Reads URIs; its file size limit also applies to bytes in the table.
    /// - Returns: The images.
    /// - Throws: `CLIPError` with code `unreadable` if the database refuses the connection or the query, `notFound` if an
    ///   SQLite file or a column does not exist, or `unsupportedFormat` if a column has an unsuitable type.
    public func images(
        query: String,
        options: TableSource.Options = TableSource.Options(),
        locations: ImageLocations = ImageLocations()
    ) throws -> any ImageSource {
        try table(query: query, options: options, locations: locations)
    }

    /// The rows of a query as a table.
    package func table(query: String, options: TableSource.Options, locations: ImageLocations) throws -> TableSource {
        try TableSource(stream: try DatabaseQuery(query, of: self).stream, options: options, locations: locations)
    }
}
