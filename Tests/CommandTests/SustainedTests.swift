import Commands
import FaceqSupport
import Foundation
import TestSupport
import Testing

struct MachineSensorsTests {
  private func sensors(_ folder: TemporaryFolder, _ coreClasses: [CoreList] = []) -> MachineSensors {
    MachineSensors(SystemFolder(folder.path), coreClasses: coreClasses)
  }

  private func zones(_ zones: [(type: String, temperature: String)]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (index, zone) in zones.enumerated() {
      try folder.write([
        "class/thermal/thermal_zone\(index)/type": zone.type + "\n",
        "class/thermal/thermal_zone\(index)/temp": zone.temperature + "\n",
      ])
    }
    return folder
  }

  @Test func theProcessorsZoneIfThereIsOne() throws {
    let folder = try zones([("gpu-thermal", "71000"), ("cpu-thermal", "52375"), ("nvme", "80000")])
    let sensors = sensors(folder)
    #expect(sensors.temperature() == 52.375)
    try folder.write(["class/thermal/thermal_zone1/temp": "53000\n"])
    #expect(sensors.temperature() == 53)
    try folder.write(["class/thermal/thermal_zone1/temp": "hot\n"])
    #expect(sensors.temperature() == nil)
  }

  @Test func theHottestZoneElse() throws {
    let board = try zones([("soc-thermal", "48000"), ("bigcore0-thermal", "61000"), ("wifi", "?")])
    #expect(sensors(board).temperature() == 61)
    let cellar = try zones([("cellar", "-3500")])
    #expect(sensors(cellar).temperature() == -3.5)
    #expect(MachineSensors(SystemFolder("/none"), coreClasses: []).temperature() == nil)
    withExtendedLifetime((board, cellar)) {}
  }

  @Test func clocksOfEachClass() throws {
    let folder = try TemporaryFolder()
    for (core, kilohertz) in [(0, "1800000"), (1, "1200000"), (4, "2400000"), (6, "never")] {
      try folder.write(["devices/system/cpu/cpu\(core)/cpufreq/scaling_cur_freq": kilohertz + "\n"])
    }
    #expect(sensors(folder, [CoreList(4...5), CoreList(0...1), CoreList([6])]).megahertz() == [2400, 1500, nil])
    withExtendedLifetime(folder) {}
  }
}

struct LoadRecorderTests {
  @Test func minutesOfAMadeUpRun() {
    var recorder = LoadRecorder(coreClasses: 2)
    var minutes: [LoadMinute] = []
    // 10 s an embedding, then 20 s: 7 of them end in the first minute or are the one that it ends in.
    for (index, end) in [10.0, 20, 30, 40, 50, 59, 61, 80, 100, 120].enumerated() {
      recorder.addReading(temperature: 40 + Double(index), megahertz: [2400 - 100 * Double(index), nil])
      if let minute = recorder.addEmbedding(milliseconds: index < 7 ? 100 : 200, end: end) { minutes.append(minute) }
    }
    #expect(
      minutes == [
        LoadMinute(
          number: 1, seconds: 60, embeddings: 7, medianMilliseconds: 100, p90Milliseconds: 100, temperature: 46,
          megahertz: [2100, nil]),
        LoadMinute(
          number: 2, seconds: 60, embeddings: 3, medianMilliseconds: 200, p90Milliseconds: 200, temperature: 49,
          megahertz: [1600, nil]),
      ])
    #expect(recorder.finish(end: 121) == nil)
    #expect(recorder.addEmbedding(milliseconds: 5, end: 125) == nil)
    #expect(
      recorder.finish(end: 125)
        == LoadMinute(
          number: 3, seconds: 5, embeddings: 1, medianMilliseconds: 5, p90Milliseconds: 5, temperature: nil,
          megahertz: [nil, nil]))
  }
}

struct LoadReportTests {
  private func minute(
    _ number: Int, _ median: Double, _ temperature: Double?, _ megahertz: [Double?], seconds: Double = 60
  ) -> LoadMinute {
    LoadMinute(
      number: number, seconds: seconds, embeddings: 600, medianMilliseconds: median, p90Milliseconds: median + 1,
      temperature: temperature, megahertz: megahertz)
  }

  private func report(_ minutes: LoadMinute...) -> LoadReport {
    var report = LoadReport()
    report.minutes = minutes
    return report
  }

  @Test func rows() {
    #expect(LoadReport.row(minute(1, 58.125, 61.4, [2400, 1800])) == "| 1 | 58.12 | 59.12 | 600 | 61 | 2400, 1800 |")
    #expect(LoadReport.row(minute(12, 5, nil, [nil])) == "| 12 | 5.00 | 6.00 | 600 | – | – |")
  }

  @Test func throttling() {
    let text = report(minute(1, 50, 45, [2400]), minute(2, 55, 80, [2200]), minute(3, 60, 85, [2000])).comparison
    for part in ["20 % slower", "50.00 → 60.00 ms", "45 → 85 °C", "2400 → 2000 MHz", "throttling"] {
      #expect(text.contains(part))
    }
  }

  @Test func steady() {
    let text = report(minute(1, 50, nil, [nil]), minute(2, 50.5, nil, [nil]), minute(3, 90, nil, [nil], seconds: 3))
      .comparison
    #expect(text.contains("as fast as the first") && text.contains("50.00 → 50.50") && !text.contains("throttling"))
  }

  @Test func oneMinute() { #expect(report(minute(1, 50, nil, [nil])).comparison.contains("no two minutes")) }

  @Test func json() throws {
    var json = JSONWriter()
    json.beginObject()
    report(minute(1, 50, nil, [nil, 1800]), minute(2, 75, 61.5, [2400, nil])).write(to: &json)
    json.endObject()
    let object = try members(json.text)
    #expect(object["last_to_first_median"] as? Double == 1.5)
    let minutes = try #require(object["minutes"] as? [[String: Any]])
    #expect(minutes.map { $0["median_ms"] as? Double } == [50, 75])
    #expect(minutes.map { $0["temperature_c"] as? Double } == [nil, 61.5])
    #expect(minutes.map { ($0["mhz"] as? [Any])?.map { $0 as? Double } } == [[nil, 1800], [2400, nil]])
  }
}

@Suite(.enabled(if: hasNumPy, Comment(rawValue: numPyMissing)))
struct SustainedBenchTests {
  let bench: Bench

  init() throws { bench = try Workshop.shared.get().bench() }

  /// Starts a run of a hundred minutes, and ends it as soon as it has printed something or has used processor time.
  private func endedEarly(_ signal: String, _ arguments: String) throws -> ProgramResult {
    let script = """
      "$0" bench se.int8.gguf --minutes 100 --threads 2 \(arguments) >out & process=$!
      until [ "$(cut -d' ' -f14 /proc/$process/stat)" -ge 20 ]; do sleep 0.05; done
      kill -\(signal) $process; wait $process; status=$?; cat out; exit $status
      """
    return try runProgram("/bin/sh", ["-c", script, faceqPath], in: bench.folder.path)
  }

  @Test(arguments: ["INT", "TERM"])
  func signalsEndItWithTheSummary(signal: String) throws {
    let result = try endedEarly(signal, "")
    #expect(result.status == 0 && result.errors == "")
    let lines = result.output.split(separator: "\n")
    try #require(lines.count == 5)
    #expect(lines[0].hasPrefix("cores ") && lines[0].contains("2 threads"))
    #expect(lines[1].hasPrefix("| minute |") && lines[3].hasPrefix("| 1 |"))
    #expect(lines[4].contains("no two minutes"))
  }

  @Test func json() throws {
    let result = try endedEarly("INT", "--json")
    #expect(result.status == 0 && result.errors == "")
    let object = try members(result.output)
    #expect(
      Set(object.keys) == ["minutes", "last_to_first_median", "threads", "pinned_to", "cores", "isa", "revision"])
    let minutes = try #require(object["minutes"] as? [[String: Any]])
    #expect(minutes.count == 1 && (minutes[0]["embeddings"] as? Int ?? 0) > 0)
    #expect(object["threads"] as? Int == 2)
  }
}
