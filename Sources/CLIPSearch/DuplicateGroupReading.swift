internal import CLIPCore

/// Collects the ids of a store's groups, and their cosines with each group's representative, in one pass.
struct DuplicateGroupReading {
    /// The images of all groups, in store order.
    private let members: [(position: Int, group: Int)]
    /// Index of the first element of ``members`` that was not read yet.
    private var next = 0
    /// The vectors of the representatives read so far, and the row of each group's.
    private var representatives: EmbeddingMatrix
    private var representativeRows: [Int?]
    private var found: [[SearchHit]]

    /// Prepares the pass.
    ///
    /// - Parameters:
    ///   - groups: Positions in ascending order, starting with the representative's.
    ///   - dimension: Length of the vectors.
    init(_ groups: some Collection<[Int]>, dimension: Int) {
        members = groups.enumerated().flatMap { group, positions in
            positions.map { (position: $0, group: group) }
        }.sorted { $0.position < $1.position }
        representatives = EmbeddingMatrix(dimension: dimension)
        representativeRows = [Int?](repeating: nil, count: groups.count)
        found = [[SearchHit]](repeating: [], count: groups.count)
    }

    /// Reads the next block of the store.
    mutating func read(_ block: EmbeddingBlock, at position: Int) {
        while next < members.count, members[next].position < position + block.ids.count {
            let (member, group) = members[next]
            let row = member - position
            var cosine: Float = 1
            if let representative = representativeRows[group] {
                cosine = block.embeddings.cosine(row: row, with: representatives, row: representative)
            } else {
                representativeRows[group] = representatives.count
                representatives.append(block.embeddings[row: row])
            }
            found[group].append(SearchHit(id: block.ids[row], position: member, cosine: cosine))
            next += 1
        }
    }

    /// The groups, in their original order.
    var groups: [DuplicateGroup] { found.map { DuplicateGroup(members: $0) } }
}
