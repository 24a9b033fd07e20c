import CSystem
import FaceqSupport

/// The cores that this process may run on: online, and in its control group's set. At least one.
package func allowedCores() -> CoreList {
  var mask = system_cores()
  guard system_get_cores(0, MemoryLayout<system_cores>.size, &mask) == 0 else {
    return CoreList(0..<max(1, Int(system_online_processors())))
  }
  return CoreList((0..<Int(system_core_limit)).filter { system_has_core(&mask, Int32($0)) })
}

/// How many cores this process may run on.
package func processorCount() -> Int { allowedCores().cores.count }

/// Binds a thread to one core.
///
/// - Throws: where the core is not there, or this process may not use it.
func pin(_ thread: system_thread, to core: Int) throws(FaceqError) {
  var mask = system_one_core(Int32(core))
  let code = system_thread_set_cores(thread, MemoryLayout<system_cores>.size, &mask)
  guard code == 0 else {
    throw FaceqError("core \(core) cannot be used (\(systemReason(code))); choose others")
  }
}

/// Runs `body` with the calling thread bound to one core; afterwards the thread may run where it could before.
func pinned(to core: Int, _ body: () -> Void) {
  var before = system_cores()
  let known = system_get_cores(0, MemoryLayout<system_cores>.size, &before) == 0
  var mask = system_one_core(Int32(core))
  _ = system_set_cores(0, MemoryLayout<system_cores>.size, &mask)
  body()
  if known { _ = system_set_cores(0, MemoryLayout<system_cores>.size, &before) }
}
