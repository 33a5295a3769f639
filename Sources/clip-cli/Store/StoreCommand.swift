internal import ArgumentParser

struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Inspect, check, compact, export, import and adopt stores.",
        subcommands: [
            StoreInfoCommand.self, StoreVerifyCommand.self, StoreCompactCommand.self, StoreExportCommand.self,
            StoreImportCommand.self, StoreAdoptCommand.self,
        ]
    )
}
