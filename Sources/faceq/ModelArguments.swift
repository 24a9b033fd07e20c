import ArgumentParser
import FaceqSupport

/// The option of commands that find a model where none is named.
struct ModelArguments: ParsableArguments {
  @Option(
    help: """
      A float or int8 model; a bank wants the one that it was made with. $FACEQ_MODEL, else the small one for trying that \
      comes with faceq, unless given.
      """)
  var model: FilePath?
}
