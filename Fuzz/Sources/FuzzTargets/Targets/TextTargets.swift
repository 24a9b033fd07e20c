import Calibrate
import Commands
import CSystem
import FaceImages
import FaceWatch
import FaceqSupport
import func Glibc.atexit
import GraphReference
import HTTPService
import QuantRuntime

/// Texts that people and other programs write.
let textTargets = [
  FuzzTarget(
    "recipe", "a calibration's recipe, which is written and read again", seeds: recipeSeeds,
    run: { bytes in
      expectSentence { () throws(FaceqError) in
        let recipe = try CalibrationRecipe(path: input.holding(bytes), layers: recipeLayers)
        let table = recipe.table(recipeLayers)
        let again = try CalibrationRecipe(path: input.holding(Array(table.utf8)), layers: recipeLayers)
        precondition(again.table(recipeLayers) == table, "a recipe does not say what it was made from")
      }
    }),
  FuzzTarget(
    "pairs", "a list of pairs, CSV or LFW's",
    seeds: { ["csv": Array("left,right,same\n\"a,b.jpg\",c.jpg,1\r\nd,e,0\n".utf8), "lfw": Array(lfw.utf8)] },
    run: { bytes in
      expectSentence { () throws(FaceqError) in
        let pairs = try readPairs(path: input.holding(bytes), root: "/nowhere")
        precondition(pairs.count <= bytes.count)
      }
    }),
  FuzzTarget(
    "list", "a list of paths, with lines and with zeros",
    seeds: { ["lines": [0] + Array("\u{FEFF}a.jpg\r\nb c.jpg \n\n/d".utf8), "zeros": [1] + Array("a\nb\0c\0".utf8)] },
    run: { bytes in
      var reader = InputReader(bytes)
      let separator: PathReader.Separator = reader.byte() & 1 == 0 ? .lines : .zeros
      let text = reader.bytes
      expectSentence { () throws(FaceqError) in
        var paths = try PathReader(list: input.holding(text), relativeTo: "folder", separator: separator)
        var count = 0
        while try paths.next() != nil { count += 1 }
        precondition(count <= text.count)
      }
    }),
  FuzzTarget(
    "tuning", "what tune measured; behind the right first lines where the first byte is even", seeds: tuningSeeds,
    run: runTuned),
  FuzzTarget(
    "refinement", "what an interrupted calibration leaves, its sums set right; the layers are put into the network",
    seeds: refinementSeeds, run: runRefined),
  FuzzTarget(
    "json", "a JSON text",
    seeds: { ["object": Array(#"{"a":[1.5e-3,true,null,"\u00e9\ud83d\ude00\n"],"b":{}}"#.utf8)] },
    run: { bytes in _ = JSONContent(bytes).map { $0.member("a")?.array?.compactMap(\.number) } }),
  FuzzTarget(
    "keys", "a file of keys", seeds: { ["keys": Array("# keys\n0123456789abcdef\n".utf8)] },
    run: { bytes in expectSentence { () throws(FaceqError) in _ = try APIKeys(path: input.holding(bytes)) } }),
  FuzzTarget(
    "address", "the address of a stream", seeds: { ["address": Array("http://127.0.0.1:80/a?b".utf8)] },
    run: { bytes in
      // What an error says of it is what the user has written.
      guard let address = try? HTTPAddress(String(decoding: bytes, as: UTF8.self)) else { return }
      let again = try? HTTPAddress(address.description)
      precondition(again == address)
    }),
]

private let input = InputFile()
private let lfw = "10\t300\nAda_L\t1\t4\nAda L\t1\tBob\t2\n"

/// A small network all of whose layers can be chosen, besides the first.
private let listing = """
  %0 = image 8×8 rgb (x − 127.5) / 128
  %1 = convolution %0 → 8, 3×3, stride 2, padding 1, prelu  stem
  %2 = convolution %1 → 8, 3×3, padding 1, relu  body
  %3 = convolution %2 → 8, 3×3, padding 1  tail
  %4 = linear %3 → 8, 4×4  head
  %5 = normalise %4
  outputs %5
  """
private let floats = try? CoveredGraph(name: "small", listing: listing).randomFloats(seed: 1)
private let recipeLayers = floats?.recipeLayers ?? []

@Sendable private func recipeSeeds() -> [String: [UInt8]] {
  let table = CalibrationRecipe().table(recipeLayers)
  let short = "default int8 error - nearest # why\nhead int16 - - -\n"
  return ["table": Array(table.utf8), "short": Array(short.utf8)]
}

// MARK: - Tuning

/// A model in a file, and the file beside it.
private let tuned: (model: Model, descriptor: Int32)? = {
  let path = memoryPath("tuned.gguf")
  let description = ModelDescription(
    architecture: "small", parameters: 0, source: ModelDescription.Source(name: "", sha256: ""), isStandIn: true)
  guard let graph = try? CoveredGraph(name: "small", listing: listing).randomIntegers(.int8, seed: 1),
    (try? graph.write(to: path, description)) != nil, let model = try? Model(path: path)
  else { return nil }
  _ = path.withCString { unlink($0) }
  let tuning = TuningFile.path(model)
  let descriptor = tuning.withCString { system_create_new($0) }
  atexit { _ = memoryPath("tuned.gguf.tuning").withCString { unlink($0) } }
  return descriptor >= 0 ? (model, descriptor) : nil
}()

@Sendable private func tuningSeeds() -> [String: [UInt8]] {
  let shapes = "16 16 1 4 4 winograd\n16 16 2 4 4 direct\n"
  return ["shapes": [0] + Array(shapes.utf8), "whole": [1] + Array("faceq tuning 2\n".utf8)]
}

@Sendable private func runTuned(_ bytes: UnsafeRawBufferPointer) {
  guard let tuned else { preconditionFailure("there is no model to tune") }
  var reader = InputReader(bytes)
  let isBehind = reader.byte() & 1 == 0
  let start = "faceq tuning 2\nmodel \(tuned.model.digest)\nisa \(fuzzKernels.instructionSet.rawValue)\n"
  let text = (isBehind ? Array(start.utf8) : []) + reader.bytes
  text.withUnsafeBytes { rewrite(tuned.descriptor, $0) }
  expectSentence { () throws(FaceqError) in
    let measured = try TuningFile.measured(tuned.model, fuzzKernels.instructionSet)
    guard measured.count < 100 else { return }
    let session = try EmbeddingSession(
      tuned.model, kernels: fuzzKernels, threads: 1, winograd: WinogradChoice(measured: measured))
    _ = try session.embed(somePixels(tuned.model.image))
  }
}

// MARK: - Refinement

/// The layers of the network that read bytes, as a calibration has them.
private let scales: [LayerScales] = {
  guard let floats else { return [] }
  return ["body", "tail", "head"].compactMap { name in
    guard let index = floats.index(named: name), let weights = LayerWeights(floats.nodes[index], inputs: 8) else {
      return nil
    }
    let activations = ActivationScales([ClosedRange<Float>](repeating: -1...2, count: 8))
    return LayerScales(
      node: index, name: name, value: floats.nodes[index].inputs[0], weights: weights, input: .int8(activations),
      output: name == "head" ? .float : .int8(activations), rounding: LayerRecipe().rounding)
  }
}()

@Sendable private func refinementSeeds() throws -> [String: [UInt8]] {
  let quantiser = ConvolutionQuantiser(rounding: NearestRounding())
  let refined = scales.map { quantiser.rounded($0.weights, input: $0.activations) }
  return [
    "all": try bytesWritten { path throws(FaceqError) in
      try RefinementFile(path: path, key: "key").save(refined, of: scales)
    }
  ]
}

@Sendable private func runRefined(_ bytes: UnsafeRawBufferPointer) {
  precondition(scales.count == 3, "there are no layers")
  let quantiser = ConvolutionQuantiser(rounding: NearestRounding())
  let file = RefinementFile(path: input.holding(repairedGGUF(bytes)), key: "key")
  for (layer, refined) in zip(scales, file.load(scales)) {
    _ = quantiser.int8(layer.weights, refined, input: layer.activations, output: layer.output)
  }
}
