import ArgumentParser
import Commands
import FaceBank
import FaceBankDatabase
import FaceqSupport

struct Bank: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists, removes, exports and imports the people in a bank.",
    subcommands: [List.self, Remove.self, Export.self, Import.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the people in a bank.")

    @Argument(help: "The bank.")
    var bank: FilePath

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws { try listBank(BankDatabase(), bank, json: json, Faceq.console) }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Removes a person with all photos.")

    @Argument(help: "The bank.")
    var bank: FilePath

    @Argument(help: "The person's name.")
    var name: FilePath

    func run() throws { try removeFromBank(BankDatabase(), bank, person: PersonName(bytes: name.bytes), Faceq.console) }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes a bank for faceq-board, or as NumPy rows.",
      discussion: """
        A name that ends in .npy gets float32 rows, and beside it a file that ends in .names with the person of each row; \
        any other name gets the file that faceq-board reads.

            faceq bank export people.bank -o board.bank
        """)

    @Argument(help: "The bank.")
    var bank: FilePath

    @Option(name: .shortAndLong, help: "The file to write.")
    var output: FilePath

    func run() throws { try exportBank(BankDatabase(), bank, to: output, Faceq.console) }
  }

  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Adds what was exported, or enrolled on a board, to a bank.",
      discussion: "    faceq bank import people.bank board.bank")

    @Argument(help: "The bank; made where there is none.")
    var bank: FilePath

    @Argument(help: "A bank of faceq-board, or a .npy file with a .names file beside it.")
    var file: FilePath

    @Option(help: "The model that the rows of a .npy file are from.")
    var model: FilePath?

    func run() throws { try importBank(BankDatabase(), bank, from: file, model: model, Faceq.console) }
  }
}
