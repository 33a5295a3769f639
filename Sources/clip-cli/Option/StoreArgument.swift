internal import ArgumentParser

/// The store that a command is about.
struct StoreArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("Folder that 'embed' wrote.", valueName: "embeddings"))
    var embeddings: String
}
