internal import ArgumentParser

struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Look at, check, tidy up and exchange stored embeddings.",
        subcommands: [
            StoreInfoCommand.self, StoreVerifyCommand.self, StoreCompactCommand.self, StoreExportCommand.self,
            StoreImportCommand.self,
        ]
    )
}
