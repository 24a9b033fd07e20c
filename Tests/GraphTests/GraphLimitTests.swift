import FaceqSupport
import QuantRuntime
import Testing

/// What a listing may ask for at most.
struct GraphLimitTests {
  private func message(_ listing: String) -> String {
    do {
      _ = try Graph<Never>(listing: listing).multiplyAccumulates()
      return "no error"
    } catch { return error.message }
  }

  @Test func bytes() {
    #expect(message(String(repeating: "\n", count: (1 << 22) + 1)).contains("4194305 bytes is too long"))
    #expect(message(String(repeating: "\n", count: 1 << 22)).contains("the outputs are missing"))
  }

  @Test func nodes() {
    func chain(_ count: Int) -> String {
      let copies = (1..<count).map { "%\($0) = copy %\($0 - 1)\n" }.joined()
      return "%0 = image 1×1 rgb\n\(copies)outputs %\(count - 1)"
    }
    #expect(message(chain(10_000)) == "no error")
    #expect(message(chain(10_001)).contains("too many nodes"))
  }

  @Test func names() {
    func named(_ count: Int) -> String {
      "%0 = image 1×1 rgb\n%1 = copy %0  \(String(repeating: "a", count: count))\noutputs %1"
    }
    #expect(message(named(200)) == "no error")
    #expect(message(named(201)).contains("no text of up to 200 bytes"))
  }

  @Test func work() {
    func large(_ side: Int) -> String {
      """
      %0 = image \(side)×\(side) rgb
      %1 = convolution %0 → 16, 1×1  a
      %2 = convolution %1 → 16, 255×255, padding 64, depthwise  b
      %3 = convolution %1 → 16, 256×256, padding 64  c
      outputs %2, %3
      """
    }
    #expect(message(large(256)) == "no error")
    #expect(message(large(16_384)).contains("too large"))
  }

  @Test func channelsOfAllValuesInIntegers() throws {
    let values = (1...70).map { "%\($0) = convolution %0 → 65536, 1×1  n\($0)\n" }.joined()
    let graph = try Graph<Never>(listing: "%0 = image 1×1 rgb\n\(values)outputs %1")
    let error = #expect(throws: FaceqError.self) { try graph.representations { _ in nil } }
    #expect(error?.message.contains("channels in all") == true)
  }
}
