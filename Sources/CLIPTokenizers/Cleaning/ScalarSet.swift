/// A set of scalars, written as a string of characters and ranges: `"a-zÀ°"`.
///
/// A hyphen between two scalars forms a range; a set cannot contain the hyphen itself.
struct ScalarSet: Sendable {
    private let members: Set<Unicode.Scalar>

    init(_ description: String) {
        var members: Set<Unicode.Scalar> = []
        var previous: Unicode.Scalar?
        var isRange = false
        for scalar in description.unicodeScalars {
            if scalar == "-" {
                isRange = true
            } else if isRange, let first = previous {
                members.formUnion((first.value...scalar.value).compactMap(Unicode.Scalar.init))
                isRange = false
            } else {
                members.insert(scalar)
                previous = scalar
            }
        }
        self.members = members
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        members.contains(scalar)
    }

    /// The members, each once.
    var scalars: some Collection<Unicode.Scalar> { members }
}
