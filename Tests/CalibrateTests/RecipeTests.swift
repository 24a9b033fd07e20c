import Calibrate
import FaceqSupport
import QuantRuntime
import TestSupport
import Testing

/// Recipes as text.
struct RecipeTests {
  private let layers: [RecipeLayer]
  private let folder: TemporaryFolder

  init() throws {
    layers = try bottleneckGraph().recipeLayers
    folder = try TemporaryFolder()
  }

  private func read(_ text: String) throws -> CalibrationRecipe {
    try folder.write(Array(text.utf8), to: "recipe.txt")
    return try CalibrationRecipe(path: FilePath(folder("recipe.txt")), layers: layers)
  }

  @Test func layersHaveTheFilesNames() {
    #expect(layers.map(\.name).prefix(4) == ["stem.0", "stem.1", "blocks.0.body.0", "blocks.0.body.1"])
    #expect(layers.map(\.name).suffix(3) == ["tail.0", "tail.1", "head"])
    #expect(layers.count == 2 + 4 * 3 + 2 + 1)
    #expect(layers.filter { $0.fixedInput != nil }.map(\.name) == ["stem.0"])
  }

  @Test func aTableIsReadAsItWasWritten() throws {
    var recipe = CalibrationRecipe(range: PercentileRange(percentile: 99.5), rounding: NearestRounding())
    recipe["blocks.1.body.2"] = LayerRecipe(precision: .int16, range: MaximumRange(margin: 3), reason: "it is noisy")
    recipe["head"] = LayerRecipe(range: MinimumErrorRange(), rounding: MinimumErrorRounding())
    let table = recipe.table(layers)
    let lines = table.split(separator: "\n").map(String.init)
    #expect(lines.contains("# layer          precision  range       clip  rounding     # why"))
    #expect(lines.contains("default          int8       percentile  99.5  nearest"))
    #expect(lines.contains("stem.0           int16      -           -     -            # reads the image"))
    #expect(lines.contains("blocks.1.body.2  int16      max         3.0   -            # it is noisy"))
    #expect(lines.contains("head             int8       error       -     least-error"))
    #expect(lines.count { !$0.hasPrefix("#") } == layers.count + 1)
    #expect(try read(table).table(layers) == table)
  }

  @Test func linesChangeWhatTheyName() throws {
    let recipe = try read(
      """
      \u{FEFF}# a comment

      default int8 percentile 99 nearest
        blocks.1.body.0\tint16 max -  least-error # why # not\r
      head int8 error - -
      """)
    #expect(recipe.standard.range.name == "percentile" && recipe.standard.range.clip == 99)
    let block = recipe["blocks.1.body.0"]
    #expect(block.precision == .int16 && block.range.name == "max" && block.range.clip == 1.2)
    #expect(block.rounding.name == "least-error" && block.reason == "why # not")
    #expect(recipe["head"].range.name == "error" && recipe["head"].range.clip == nil)
    // Without a line.
    #expect(recipe["tail.0"].range.clip == 99 && recipe["tail.0"].rounding.name == "nearest")
  }

  @Test func anEmptyRecipeIsTheDefault() throws {
    #expect(try read("# nothing\n").table(layers) == CalibrationRecipe().table(layers))
  }

  @Test(arguments: [
    ("blocks.9.body.0 int8 max 1.2 nearest", "no layer 'blocks.9.body.0'"),
    ("blocks.0.se int8 max 1.2 nearest", "no layer"),
    ("head float max 1.2 nearest", "choose one of int8, int16"),
    ("head int8 maximum 1.2 nearest", "there is no range 'maximum'; choose one of max, percentile, error"),
    ("head int8 max 1.2 up", "choose one of nearest, least-error"),
    ("head int8 max 0.9 nearest", "a number from 1.0 to 16.0"),
    ("head int8 max nan nearest", "a number from"),
    ("head int8 max 1,2 nearest", "a number from"),
    ("head int8 percentile 101 nearest", "a number from 51.0 to 100.0"),
    ("head int8 error 3 nearest", "has no clip"),
    ("head int8 max 1.2", "there are 4 words"),
    ("head", "there is 1 word"),
    ("head int8 max 1.2 nearest because", "there are 6 words"),
    ("stem.0 int8 max 1.2 nearest", "reads the image"),
    ("\u{1}\u{2} int8 max 1.2 nearest", "no layer '??'"),
    ("tail.0 int8 max 1.2 nearest", "has a line already, line 2"),
  ])
  func aWrongLineIsNamed(_ line: String, _ reason: String) throws {
    let error = #expect(throws: FaceqError.self) {
      try read("# recipe\ntail.0 int8 max 1.2 nearest\n\(line)\ntail.1 int8 max 1.2 nearest\n")
    }
    let message = try #require(error?.message)
    #expect(message.hasPrefix("\(folder("recipe.txt")), line 3: "), "\(message)")
    #expect(message.contains(reason), "\(message)")
    #expect(!message.contains("\n"))
  }

  @Test func whatIsNoTextIsRefused() throws {
    for bytes: [UInt8] in [[0xff, 0xfe, 0x80], Array("head\0".utf8)] {
      try folder.write(bytes, to: "recipe.txt")
      let error = #expect(throws: FaceqError.self) {
        try CalibrationRecipe(path: FilePath(folder("recipe.txt")), layers: layers)
      }
      #expect(error?.message.contains("no text in UTF-8") == true)
    }
    #expect(throws: FaceqError.self) { try CalibrationRecipe(path: FilePath(folder("missing.txt")), layers: layers) }
  }
}
