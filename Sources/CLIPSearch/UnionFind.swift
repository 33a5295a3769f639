/// A partition of `0..<count` whose groups can be joined: a disjoint-set forest with path halving (Tarjan and van
/// Leeuwen, 1984).
///
/// A group is represented by its smallest number. Takes 8 bytes per number.
package struct UnionFind {
    private var parents: [Int]

    /// Creates a partition in which every number is alone.
    package init(count: Int) {
        parents = Array(0..<count)
    }

    /// The smallest number in the same group.
    package mutating func representative(of number: Int) -> Int {
        var number = number
        while parents[number] != number {
            parents[number] = parents[parents[number]]
            number = parents[number]
        }
        return number
    }

    /// Joins the groups of two numbers.
    package mutating func join(_ a: Int, _ b: Int) {
        let (a, b) = (representative(of: a), representative(of: b))
        parents[max(a, b)] = min(a, b)
    }

    /// The groups of at least two numbers, largest first, and groups of equal size by their smallest number; each in
    /// ascending order.
    package mutating func groups() -> [[Int]] {
        var members = [Int: [Int]]()
        for number in parents.indices {
            let representative = representative(of: number)
            if representative != number { members[representative, default: [representative]].append(number) }
        }
        return members.values.sorted { $0.count == $1.count ? $0[0] < $1[0] : $0.count > $1.count }
    }
}
