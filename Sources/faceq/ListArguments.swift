import ArgumentParser
import Commands
import FaceqSupport

/// The options of every command that goes through many images.
struct ListArguments: ParsableArguments {
  @Option(
    help: """
      Also take the paths in a file, or with - those on standard input, one on each line and relative to the working \
      directory: find photos -name '*.jpg' | faceq detect --list -
      """)
  var list: FilePath?

  @Flag(
    name: [.customShort("0"), .customLong("null")],
    help:
      "The paths of --list end with zeros instead of lines: find photos -name '*.jpg' -print0 | faceq detect -0 --list -"
  )
  var null = false

  func validate() throws {
    guard list != nil || !null else { throw ValidationError("-0 is about the paths of --list; name a list.") }
  }

  /// The images that a command goes through.
  ///
  /// - Parameter named: the images among the arguments.
  func inputs(_ named: [FilePath], isStrict: Bool) -> ImageInputs {
    ImageInputs(named, list: list.map { ImageInputs.List(path: $0, hasZeros: null) }, isStrict: isStrict)
  }

  /// Fails where there are no images at all.
  func check(_ named: [FilePath]) throws {
    guard !named.isEmpty || list != nil else {
      throw ValidationError("Name images or folders, or a list of them with --list.")
    }
  }
}

/// The option of commands that can do without some of their images.
struct StrictArguments: ParsableArguments {
  @Flag(help: "An image that cannot be used is an error: nothing is written. Else it is named and skipped.")
  var strict = false
}
