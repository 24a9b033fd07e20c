import FaceqSupport
import QuantRuntime

/// The cores of this machine and what threads run on them, as `bench` prints it.
struct ThreadPlanReport {
  var plan: ThreadPlan
  var topology: CoreTopology

  /// `cores 4-7 (capacity 1024, 2400 MHz) and 0-3 (capacity 530, 1800 MHz); 4 threads, pinned to 4-7`.
  var text: String {
    let classes = topology.classes.map { coreClass in
      let facts = [
        coreClass.capacity.map { "capacity \($0)" }, coreClass.maximumMegahertz.map { "\($0) MHz" },
      ].compactMap { $0 }
      return coreClass.cores.text + (facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))")
    }
    let place = plan.cores.map { "pinned to " + CoreList($0).text } ?? "placed by the system"
    return "cores \(classes.joined(separator: " and ")); \(counted(plan.count, "thread")), \(place)"
  }

  /// Writes the members `threads`, `pinned_to` and `cores`.
  func write(to json: inout JSONWriter) {
    json.member("threads", plan.count)
    json.member("pinned_to", plan.cores.map { CoreList($0).text })
    json.objects("cores", topology.classes) { json, coreClass in
      json.member("numbers", coreClass.cores.text)
      json.member("capacity", coreClass.capacity)
      json.member("max_mhz", coreClass.maximumMegahertz)
    }
  }
}
