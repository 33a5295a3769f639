internal import ArgumentParser

struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Inspect, check, repair, compact, export, import and adopt stores.",
        subcommands: [
            StoreInfoCommand.self, StoreVerifyCommand.self, StoreRepairCommand.self, StoreCompactCommand.self,
            StoreExportCommand.self, StoreImportCommand.self, StoreAdoptCommand.self,
        ]
    )
}
