internal import CLIPCore

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// The files of a cluster's tasks that count, as the program that ran the tasks lists them.
///
/// A task that was repeated, or ran twice at the same time, left several files, of which only one attempt's are listed.
struct AdoptionManifest: Decodable {
    /// A file in the folder of staged files.
    struct File: Decodable {
        let file: String
        let rows: Int
        /// 64 lower-case hexadecimal digits.
        let sha256: String
    }

    /// The version of the layout of this list.
    let format: Int
    /// Files with vectors, in the order of the store's parts.
    let parts: [File]
    /// Files with failed images.
    let rejects: [File]

    private static let knownFormat = 1
    private static let advice = "Run the job again."

    /// Reads and checks the list of a folder.
    ///
    /// - Throws: `CLIPError` with code `notFound` if there is none, `corruptData` if it is damaged or names a file that
    ///   is not in the folder of staged files.
    init(_ layout: StoreLayout) throws {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(layout.manifest)
        } catch let error as CLIPError where error.code == .notFound {
            let problem = CLIPError(.notFound, "There is nothing to adopt: \(layout.manifest) does not exist.")
            guard try layout.holdsStore() else {
                throw problem.advising("The program that ran the tasks writes it when all are done: run the job again.")
            }
            throw problem.advising("\(layout.folder) is a store already; 'clip-cli store info' says what it contains.")
        }
        do {
            self = try JSONDecoder().decode(AdoptionManifest.self, from: Data(bytes))
        } catch {
            throw CLIPError(
                .corruptData,
                "\(layout.manifest) is not a list of staged files. \(Self.advice)",
                cause: error
            )
        }
        try check(layout)
    }

    private func check(_ layout: StoreLayout) throws {
        func problem(_ text: String) -> CLIPError {
            CLIPError(.corruptData, "\(layout.manifest): \(text). \(Self.advice)")
        }
        guard format == Self.knownFormat else {
            throw problem("its format is \(format), and this version knows \(Self.knownFormat)")
        }
        var names = Set<String>()
        for file in parts + rejects {
            guard !file.file.hasPrefix("."), !file.file.contains("/"), file.file.hasSuffix(".parquet") else {
                throw problem("'\(file.file)' is not the name of a staged Parquet file")
            }
            guard names.insert(file.file).inserted else { throw problem("it lists '\(file.file)' twice") }
            guard 0...Self.mostRows ~= file.rows else {
                throw problem("'\(file.file)' cannot have \(file.rows) rows")
            }
        }
    }

    /// More than any file has, and so few that sums do not overflow.
    private static let mostRows = 1 << 40
}
