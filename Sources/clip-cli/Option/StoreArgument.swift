internal import ArgumentParser

/// The store that a command reads.
struct StoreArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("Store: the folder that 'embed' wrote.", valueName: "store"))
    var embeddings: String
}
