import Foundation
import QuantRuntime
import Testing

/// The listing is what model files hold: it must come back as it was.
struct ListingTests {
  /// Every operation, as `listing` writes it.
  private let valid = """
    %0 = image 64×48 rgb x / 255
    %1 = convolution %0 → 8, 3×3, stride 2, padding 1, prelu    stem.0
    %2 = convolution %1 → 8, 1×7, stride 1×2, padding 0 3 0 2, depthwise, leaky -0.1  stem.1
    %3 = convolution %2 → 16, 1×1, groups 4, clamp -1…6         stem.2
    %4 = affine %3, relu                                        norm
    %5 = copy %4                                                copies are named, too
    %6 = convolution %5 → 16, 3×3, padding 1                    body
    %7 = gate %6, hidden 4, biases                              se
    %8 = gate %6, hidden 1                                      other.se
    %9 = multiply %6, %8
    %10 = add %4, %9 · %7, relu                                 sum
    %11 = max pool %10, 3×3, stride 2, padding 1
    %12 = average pool %10, 2×2, stride 2, ceil, padding counts
    %13 = transposed convolution %11 → 16, 2×2, stride 2, relu  up
    %14 = add subsample 2 %10, %12
    %15 = add %10, upsample %14
    %16 = upsample %12
    %17 = concatenate %13, %15, %16
    %18 = slice %17 → 32, from 16
    %19 = depth to space %18, 2×2, crop 1
    %20 = global average %18
    %21 = linear %20 → 4, 1×1, relu                             head
    %22 = sigmoid %19
    %23 = softmax %19
    %24 = normalise %21
    outputs %22, %23, %24

    """

  @Test func everyOperationComesBackAsItWas() throws {
    let graph = try Graph<Never>(listing: valid)
    #expect(graph.nodes.count == 25)
    #expect(graph.listing == valid)
    #expect(try Graph<Never>(listing: graph.listing) == graph)
  }

  /// What the documentation shows is what `listing` writes.
  @Test func theDocumentationShowsAListing() throws {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(contentsOf: package.appending(path: "docs/how-it-works/graph.md"), encoding: .utf8)
    let lines = page.split(separator: "\n").filter { $0.hasPrefix("    ") }.map { $0.dropFirst(4) }
    let listing = lines.joined(separator: "\n") + "\n"
    #expect(try Graph<Never>(listing: listing).listing == listing)
  }

  @Test(arguments: [
    ("", ""), (" x − 127.5", " x - 127.5"), (" x / 255", " x ÷ 255"),
    (
      " (x − [123.675, 116.28, 103.53]) / [58.395, 57.12, 57.375]", " (x-[123.675,116.28,103.53])/[58.395,57.12,57.375]"
    ),
    (" (x − 127.5) / 128", "  ( x-127.5 )/1.28e+02"),
    (" (x − [1, 2.5, 3]) / [4, 0.1, 1e-05]", " (x - [1,2.5 ,3])/[ 4, .1, 0.00001]"),
  ])
  func imagesMayBeWrittenInSeveralWays(_ canonical: String, _ typed: String) throws {
    let graph = try Graph<Never>(listing: "%0 = image 8x9 rgb\(typed.replacing("  ", with: " "))\noutputs %0")
    #expect(graph.listing == "%0 = image 8×9 rgb\(canonical)\noutputs %0\n")
    #expect(try Graph<Never>(listing: graph.listing) == graph)
  }

  @Test func plainSignsAndCommentsAreRead() throws {
    let typed = """
      # A small network.

      %0 = image 8x8 rgb (x - 127.5) / 128   # the picture
      %1=convolution %0->4,3x3,prelu,padding 1,stride 2x1\tstem  # activations before padding
      %2 = gate %1 , hidden 2   se\r
      %3 = convolution %1 -> 4, 1x1, clamp 0..6   body
      %4 = add %1, %3 * %2   sum
        outputs %4
      """
    #expect(
      try Graph<Never>(listing: typed).listing == """
        %0 = image 8×8 rgb (x − 127.5) / 128
        %1 = convolution %0 → 4, 3×3, stride 2×1, padding 1, prelu  stem
        %2 = gate %1, hidden 2                                      se
        %3 = convolution %1 → 4, 1×1, clamp 0…6                     body
        %4 = add %1, %3 · %2                                        sum
        outputs %4

        """)
  }

  @Test func commentsStandBehindNames() throws {
    let graph = try Graph<Never>(listing: "%0 = image 8×8 rgb\n%1 = max pool %0, 2×2\noutputs %1")
    let shapes = try graph.shapes()
    let listing = graph.listing { shapes[$0].text }
    #expect(listing.split(separator: "\n")[1].hasSuffix("  # 7×7×3"))
    #expect(try Graph<Never>(listing: listing) == graph)
  }

  @Test(arguments: [
    ("", "line 1 of the graph: the outputs are missing"),
    ("outputs %0", "no value, because there is none before this one, is expected"),
    ("%1 = image 8×8 rgb", "\"%0 =\" is expected, and there is \"%1 = image 8×8 rgb\""),
    ("%0 = image 8×8 rgb\noutputs %1", "line 2 of the graph: the number of an earlier value, 0 to 0, is expected"),
    ("%0 = image 8×8 rgb\noutputs %0\n%1 = copy %0", "the outputs are the last line"),
    ("%0 = image 8×8 rgb\noutputs %0, ", "a value such as %0 is expected, and the line ends"),
    ("%0 = image 8×8 cmyk\noutputs %0", "rgb or bgr is expected, and there is \"cmyk\""),
    ("%0 = image 8 rgb\noutputs %0", "× is expected, and there is \"rgb\""),
    ("%0 = image 0×8 rgb\noutputs %0", "a size such as 112×112, 1 to 16384, is expected, and there is \"0×8 rgb\""),
    ("%0 = image 99999999999999999999×8 rgb\noutputs %0", "a size such as 112×112, 1 to 16384, is expected"),
    ("%0 = image 8×8 rgb x / 0\noutputs %0", "positive deviations"),
    ("%0 = image 8×8 rgb x / 1e-44\noutputs %0", "positive deviations"),
    ("%0 = image 8×8 rgb x / 1e99\noutputs %0", "a standard deviation is expected"),
    ("%0 = image 8×8 rgb x − [1, 2]\noutputs %0", "\",\" is expected, and there is \"]\""),
    ("%0 = image 8×8 rgb\n%1 = copy %1\noutputs %1", "the number of an earlier value, 0 to 0, is expected"),
    ("%0 = image 8×8 rgb\n%1 = blur %0\noutputs %1", "an operation is expected, and there is \"blur %0\""),
    ("%0 = image 8×8 rgb\n%1 = copyright %0\noutputs %1", "an operation is expected"),
    ("%0 = image 8×8 rgb\n%1 = convolution %0 → 0, 3×3\noutputs %1", "the number of channels, 1 to 65536,"),
    ("%0 = image 8×8 rgb\n%1 = convolution %0 → 4, 3×3, blue\noutputs %1", "each once, is expected"),
    ("%0 = image 8×8 rgb\n%1 = convolution %0 → 4, 3×3, stride 2, stride 2\noutputs %1", "each once, is expected"),
    ("%0 = image 8×8 rgb\n%1 = convolution %0 → 4, 3×3, padding 1 1\noutputs %1", "the padding below, 0 to 64,"),
    ("%0 = image 8×8 rgb\n%1 = copy %0, clamp 6…0\noutputs %1", "an upper bound above the lower one is expected"),
    ("%0 = image 8×8 rgb\n%1 = copy %0, leaky nan\noutputs %1", "a slope is expected, and there is \"nan\""),
    ("%0 = image 8×8 rgb\n%1 = copy %0  a\n%2 = copy %0  a\noutputs %1", "an earlier node is called \"a\", too"),
    ("%0 = image 8×8 rgb\n%1 = copy %0  a  b\noutputs %1", "more than a name at its end"),
    ("%0 = image 8×8 rgb\n%1 = copy %0 a\noutputs %1", "a comma, or two spaces and the name, is expected"),
    ("%0 = image 8×8 rgb\n%1 = image 8×8 rgb\noutputs %1", "%1 is a second image"),
    ("%0 = copy %0\noutputs %0", "there is none before this one"),
    ("\u{9b}31m\u{202e}", "and there is \"?31m?\""),
    ("%0 = image 8×8 rgb\n%1 = copy %0  a\u{9b}b\noutputs %1", "line 2 of the graph: the name is no text"),
  ])
  func mistakesAreNamed(_ listing: String, _ part: String) {
    let message = message(listing)
    #expect(message?.contains(part) == true, "\(message ?? "no error")")
  }

  @Test func aNodeThatDoesNotFitIsNamed() {
    func message(_ line: String) -> String? {
      self.message("%0 = image 8×6 rgb\n%1 = convolution %0 → 4, 3×3  stem\n\(line)\noutputs %2")
    }
    #expect(
      message("%2 = convolution %1 → 4, 7×7  body") == "body has a kernel of 7×7, which does not fit 6×4×4 values")
    #expect(
      message("%2 = convolution %1 → 5, 1×1, depthwise  body")
        == "body is depthwise and has 5 channels where it reads 4")
    #expect(message("%2 = convolution %1 → 6, 1×1, groups 4") == "%2 cannot cut 4 and 6 channels into 4 groups")
    #expect(message("%2 = add %1, %0  sum") == "sum adds 8×6×3 values to 6×4×4")
    #expect(message("%2 = add %1, upsample %1") == "%2 adds 12×8×4 values to 6×4×4")
    #expect(message("%2 = multiply %1, %1") == "%2 multiplies 6×4×4 values by 6×4×4")
    #expect(message("%2 = linear %1 → 4, 6×6") == "%2 wants a plane of 6×6 and gets 6×4×4 values")
    #expect(message("%2 = concatenate %1, %0") == "%2 puts 8×6×3 values beside 6×4×4")
    #expect(message("%2 = slice %1 → 2, from 3") == "%2 takes 2 channels from 3 on of 4")
    #expect(message("%2 = depth to space %0, 2×2") == "%2 cannot spread 8×6×3 values by 2 and crop 0")
    #expect(message("%2 = softmax %0") == "%2 wants pairs of 3 channels")
    #expect(message("%2 = normalise %1") == "%2 wants a vector and gets 6×4×4 values")
    #expect(message("%2 = gate %1, hidden 5  se") == nil)
  }

  /// Whatever is cut off or changed, there is an error or a graph, never a trap.
  @Test func damagedListingsAreRefusedOrRead() {
    let bytes = Array(valid.utf8)
    var read = 0
    let last = "outputs %22, %23, %24\n".utf8.count
    for length in 0...bytes.count - last {
      #expect(message(String(decoding: bytes[..<length], as: UTF8.self))?.contains("line") == true)
    }
    for index in bytes.indices {
      for change: UInt8 in [1, 2, 4, 8, 16, 32, 64, 128] {
        var damaged = bytes
        damaged[index] ^= change
        if message(String(decoding: damaged, as: UTF8.self)) == nil { read += 1 }
      }
    }
    #expect(read > 0)
  }

  private func message(_ listing: String) -> String? {
    do {
      _ = try Graph<Never>(listing: listing)
      return nil
    } catch {
      return error.message
    }
  }
}
