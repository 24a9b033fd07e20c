import ArgumentParser
import Commands
import FaceBank
import FaceBankDatabase
import FaceqSupport
import WorkstationCommands

struct Bank: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists, renames, removes, exports and imports the people in a bank.",
    subcommands: [List.self, Rename.self, Remove.self, Export.self, Import.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the people in a bank, or one person's photos.")

    @Argument(help: "The bank.")
    var bank: FilePath

    @Argument(help: "A person's name.")
    var name: FilePath?

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      let person = try name.map { try PersonName(bytes: $0.bytes) }
      try listBank(BankDatabase(), bank, person: person, json: json, Faceq.console)
    }
  }

  struct Rename: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Gives a person another name.")

    @Argument(help: "The bank.")
    var bank: FilePath

    @Argument(help: "The person's name.")
    var name: FilePath

    @Argument(help: "The new name.")
    var newName: FilePath

    @Flag(help: "Where somebody has the new name, make the two one person.")
    var merge = false

    func run() throws {
      try renameInBank(
        BankDatabase(), bank, person: PersonName(bytes: name.bytes), to: PersonName(bytes: newName.bytes),
        merging: merge, Faceq.console)
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Removes a person with all photos, or one photo.",
      discussion: """
            faceq bank remove people.bank Ada
            faceq bank remove people.bank --face 17     # bank list people.bank Ada tells the numbers
        """)

    @Argument(help: "The bank.")
    var bank: FilePath

    @Argument(help: "The person's name.")
    var name: FilePath?

    @Option(help: "The number of the one photo that is removed; its person stays.")
    var face: Int?

    func validate() throws {
      guard (name == nil) != (face == nil) else {
        throw ValidationError("Name either the person to remove, or one photo with --face.")
      }
    }

    func run() throws {
      if let face { return try removeFromBank(BankDatabase(), bank, face: face, Faceq.console) }
      if let name { try removeFromBank(BankDatabase(), bank, person: PersonName(bytes: name.bytes), Faceq.console) }
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes a bank for faceq-board, as NumPy rows, or for PostgreSQL.",
      discussion: """
        A name that ends in .npy gets float32 rows, and beside it a file that ends in .names with the person of each \
        row; any other name gets the file that faceq-board reads. For PostgreSQL with pgvector it prints the SQL that \
        makes a table of the file, in which a row is a person. A gallery is what identify needs of a large bank, ready \
        to be mapped.

            faceq bank export people.bank -o board.bank
            faceq bank export people.bank --format pgvector -o people.copy | psql faces
            faceq bank export people.bank --format gallery -o people.gallery
        """)

    @Argument(help: "The bank.")
    var bank: FilePath

    @Option(name: .shortAndLong, help: "The file to write.")
    var output: FilePath

    @Option(help: "What to write, instead of what the file's name says.")
    var format: BankFormat?

    func run() throws { try exportBank(BankDatabase(), bank, to: output, format: format, Faceq.console) }
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

extension BankFormat: ExpressibleByArgument {}
