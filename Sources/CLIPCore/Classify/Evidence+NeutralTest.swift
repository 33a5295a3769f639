extension Evidence {
    /// Whether `positive ≥ neutral + margin`; true for evidence without a neutral similarity.
    package func passesNeutralTest(margin: Float) -> Bool {
        guard let neutral else { return true }
        return positive >= neutral + margin
    }
}
