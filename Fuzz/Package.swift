// swift-tools-version: 6.2
import PackageDescription

// Fuzzers are a package of their own: scripts/fuzz builds them, with sanitizers and counters of coverage in every module, and
// for tests, so that they can call what is `package`.
let package = Package(
  name: "faceq-fuzz",
  dependencies: [.package(name: "faceq", path: "..")],
  targets: [
    .target(name: "CFuzzer"),
    .executableTarget(
      name: "faceq-fuzz",
      dependencies: ["CFuzzer", .product(name: "FuzzTargets", package: "faceq")],
      swiftSettings: [.treatAllWarnings(as: .error)],
      linkerSettings: [
        .linkedLibrary("m"), .linkedLibrary("stdc++"),
        .unsafeFlags(["-Xlinker", "--wrap=mmap", "-Xlinker", "--wrap=munmap"]),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
