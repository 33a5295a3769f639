extension String {
    /// The text quoted as one word of a shell.
    package var shellWord: String {
        let isPlain = unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || "0123456789_-./:=@%+,".unicodeScalars.contains(scalar)
        }
        guard !isPlain || isEmpty else { return self }
        return "'\(unicodeScalars.map { $0 == "'" ? #"'\''"# : String($0) }.joined())'"
    }
}
