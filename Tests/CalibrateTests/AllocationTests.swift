import AllocationCount
import Calibrate
import QuantRuntime
import Testing

/// After the first call an embedding allocates nothing, on the thread that asks for it and the parts it takes.
struct AllocationTests {
  @Test func theCountCounts() {
    let before = allocation_count()
    let array = [UInt8](repeating: 1, count: before >= 0 ? 1000 : 0)
    #expect(allocation_count() > before && array.count == 1000)
  }

  @Test(arguments: [1, 2])
  func laterCallsAllocateNothing(_ threads: Int) throws {
    let (graph, description) = try BottleneckTests.int8.get()
    let pixels = selfTestPattern(height: 64, width: 48)
    for model in [try BottleneckTests.float.get(), try Model(.int8(graph), description)] {
      for name in availableInstructionSets().map(\.rawValue) {
        let session = try EmbeddingSession(model, kernels: kernels(name), threads: ThreadPlan(threads))
        var embedding = [Float](repeating: 0, count: model.embeddingSize)
        try session.embed(pixels, flip: true, into: &embedding)
        let before = allocation_count()
        for _ in 0..<3 { try session.embed(pixels, flip: true, into: &embedding) }
        #expect(allocation_count() == before, "\(model.precision), \(name)")
      }
    }
  }
}
