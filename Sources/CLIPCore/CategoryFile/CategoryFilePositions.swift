internal import Yams

/// Where the parts of a category file stand in its text.
package enum CategoryFilePositions {
    /// Finds each key and each entry of a list.
    ///
    /// - Parameters:
    ///   - text: The file's contents.
    ///   - name: What error messages call the file.
    /// - Returns: Line and column, counted from 1, by the keys and numbers that lead there.
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
