internal import CLIPCore

/// Collects the ids of groups of a store's images, and their cosines with the first of each group, in one reading.
struct DuplicateGroupReading {
    /// The images of all groups in the order of the store.
    private let members: [(position: Int, group: Int)]
    /// The first of ``members`` that was not read yet.
    private var next = 0
    /// Vectors of the representatives that were read, and which of them a group's is.
    private var representatives: EmbeddingMatrix
    private var representativeRows: [Int?]
    private var found: [[SearchHit]]

    /// Prepares a reading.
    ///
    /// - Parameters:
    ///   - groups: Positions in ascending order, the representative's first.
    ///   - dimension: Length of the vectors.
    init(_ groups: some Collection<[Int]>, dimension: Int) {
        members = groups.enumerated().flatMap { group, positions in
            positions.map { (position: $0, group: group) }
        }.sorted { $0.position < $1.position }
        representatives = EmbeddingMatrix(dimension: dimension)
        representativeRows = [Int?](repeating: nil, count: groups.count)
        found = [[SearchHit]](repeating: [], count: groups.count)
    }

    /// Takes the next block of the store.
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

    /// The groups that were read, in the order they were given.
    var groups: [DuplicateGroup] { found.map { DuplicateGroup(members: $0) } }
}
