internal import CLIPCore
internal import Yams

/// Source positions of the elements of a category file.
package enum CategoryFilePositions {
    /// Finds the position of each key and each list entry.
    ///
    /// - Parameters:
    ///   - text: The file's contents.
    ///   - name: The file's name in error messages.
    /// - Returns: Line and column, counted from 1, for each path of keys and indices.
    /// - Throws: ``CLIPError`` with code `invalidCategoryFile`.
    package static func read(_ text: String, name: String) throws -> [[String]: (line: Int, column: Int)] {
        var positions = [[String]: (line: Int, column: Int)]()
        try CategoryFileReader(file: name).root(of: text).forEachMark { positions[$0] = ($1.line, $1.column) }
        return positions
    }
}

extension Node {
    fileprivate func forEachMark(below path: [String] = [], _ body: (_ path: [String], _ mark: Mark) -> Void) {
        func visit(_ name: String, _ mark: Mark?, _ value: Node) {
            let path = path + [name]
            if let mark { body(path, mark) }
            value.forEachMark(below: path, body)
        }
        for (key, value) in mapping ?? [:] {
            visit(key.scalar?.string ?? "", key.mark, value)
        }
        for (index, value) in (sequence ?? []).enumerated() {
            visit("\(index)", value.mark, value)
        }
    }
}
