/// Makes negative numbers usable as values of options: the parser takes a word that starts with `-` for an option.
enum NegativeNumbers {
    /// The arguments, with each option and the negative number after it joined into one word: `-k -1` becomes `-k=-1`.
    static func joined(to arguments: [String]) -> [String] {
        var result = [String]()
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        for argument in arguments[..<end] {
            if let option = result.last, isOption(option), isNegative(argument) {
                result[result.count - 1] = "\(option)=\(argument)"
            } else {
                result.append(argument)
            }
        }
        return result + arguments[end...]
    }

    private static func isOption(_ word: String) -> Bool {
        word.hasPrefix("-") && word != "-" && !word.contains("=") && !isNegative(word)
    }

    /// Names of options start with letters, so that `-1`, `-5%` and `-1,2` are values.
    private static func isNegative(_ word: String) -> Bool {
        guard word.hasPrefix("-"), let second = word.dropFirst().first else { return false }
        return second.isNumber || second == "." || Double(word) != nil
    }
}
