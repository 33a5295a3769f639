extension Evidence {
    /// Whether `positive ≥ neutral + margin`; evidence without a neutral similarity passes.
    func passesNeutralTest(margin: Float) -> Bool {
        guard let neutral else { return true }
        return positive >= neutral + margin
    }
}
