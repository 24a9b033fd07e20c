import FaceqSupport
import QuantRuntime
import Testing

struct ThreadPlanTests {
  private func plan(_ files: [String: String], cores: Int, threads: Int? = nil) throws -> ThreadPlan {
    try ThreadPlan(threads: threads, on: topology(files, allowed: 0...cores - 1))
  }

  @Test func oneThreadForEachEqualCore() throws {
    #expect(try plan(MadeUpCores.raspberryPi4, cores: 4) == ThreadPlan(4))
    #expect(try plan(MadeUpCores.raspberryPi4, cores: 4, threads: 2) == ThreadPlan(2))
    #expect(try plan([:], cores: 3) == ThreadPlan(3))
  }

  @Test func oneThreadForEachBigCore() throws {
    let found = try plan(MadeUpCores.rk3588, cores: 8)
    #expect(found.count == 4 && found.cores == [4, 5, 6, 7] && !found.mixed)
    #expect(try plan(MadeUpCores.rk3399, cores: 6).cores == [4, 5])
  }

  @Test func bigCoresComeFirst() throws {
    #expect(try plan(MadeUpCores.rk3588, cores: 8, threads: 1).cores == [4])
    let all = try plan(MadeUpCores.rk3588, cores: 8, threads: 6)
    #expect(all.cores == [4, 5, 6, 7, 0, 1] && all.mixed)
    #expect(try plan(MadeUpCores.rk3588, cores: 8, threads: 9) == ThreadPlan(9))
  }

  @Test func chosenCores() throws {
    let board = try topology(MadeUpCores.rk3588, allowed: 0...7)
    let mixed = try ThreadPlan(cores: CoreList([0, 6]), on: board)
    #expect(mixed.count == 2 && mixed.cores == [6, 0] && mixed.mixed)
    let little = try ThreadPlan(cores: CoreList(0...3), on: board)
    #expect(little.cores == [0, 1, 2, 3] && !little.mixed)
  }

  @Test func impossibleChoices() throws {
    let board = try topology(MadeUpCores.rk3588, allowed: 2...7)
    for threads in [-1, 0, 257] {
      let error = #expect(throws: FaceqError.self) { try ThreadPlan(threads: threads, on: board) }
      #expect(error?.message.contains("\(threads) threads") == true)
    }
    let error = #expect(throws: FaceqError.self) { try ThreadPlan(cores: CoreList([1, 4]), on: board) }
    #expect(error?.message.contains("core 1 ") == true && error?.message.contains("2-7") == true)
    #expect(throws: FaceqError.self) { try ThreadPlan(cores: CoreList([Int]()), on: board) }
  }
}
