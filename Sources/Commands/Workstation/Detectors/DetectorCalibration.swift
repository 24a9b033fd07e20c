import Calibrate
import Commands
import FaceDetection
import FaceImages
import FaceqSupport
import QuantRuntime

/// Makes an int8 detector of a float one, by photos.
struct DetectorCalibration {
  let float: DetectorModel
  let photos: ImageInputs
  let seed: UInt64
  let options: RunOptions
  let console: Console

  /// - Parameter recipe: makes the recipe for the network's layers.
  /// - Returns: also the recipe that was followed, and the photos that could be read.
  func run(
    workFile: FilePath, recipe: (Graph<FloatLayer>) throws(FaceqError) -> CalibrationRecipe
  ) throws(FaceqError) -> (model: DetectorModel, recipe: CalibrationRecipe, photos: PathList) {
    let (kernels, threads) = (try options.kernels(), try options.threadPlan())
    let network = try NetworkDetector(float, kernels: kernels, threads: threads)
    let model = try float.observable(side: CalibrationPictures.side)
    var chosen = try recipe(try calibratableGraph(model))
    chosen.hasRoomForReach = false
    let pictures = CalibrationPictures(network.form)
    let paths = try photos.all(console)
    var skipped = SkippedImages(photos, total: paths.count, console)
    let set = try PictureSet(paths: paths) { path throws(FaceqError) in
      let photo = try Photo(path: path)
      let size = network.searchedSize(width: photo.width, height: photo.height, settings: SearchSettings())
      return pictures.pictures(of: try photo.whole(atLeast: size).image)
    } skipped: { fault throws(FaceqError) in
      try skipped.skip(fault)
    }
    let calibration = try Calibration(
      model, faces: set, seed: seed, recipe: chosen, kernels: kernels, threads: threads)
    var progress = ProgressMeter(console, total: calibration.imageRuns)
    let tool = "faceq \(faceqVersion)"
    let graph = try calibration.quantise(tool: tool, imagesDigest: set.digest, workFile: workFile) {
      progress.advance()
    }
    let quantised = try NetworkDetector(
      float.quantised(graph, nil), kernels: kernels, threads: threads)
    var cosines: [Float] = []
    for index in calibration.heldBackIndices {
      let picture = RGBImage(
        width: CalibrationPictures.side, height: CalibrationPictures.side, pixels: try set.pixels(index))
      cosines.append(
        cosine(try network.outputs(for: picture).flatMap(\.all), try quantised.outputs(for: picture).flatMap(\.all)))
      progress.advance()
    }
    skipped.report(used: set.paths.count)
    let record = ModelDescription.Calibration(
      tool: tool, recipe: calibration.recipe.name, images: calibration.usedCount, imagesDigest: set.digest,
      floatDigest: float.digest, drift: DriftSummary(cosines: cosines), selfTest: try quantised.selfTest())
    return (float.quantised(graph, record), calibration.recipe, set.paths)
  }
}
