// swift-tools-version: 6.2
import PackageDescription

// The instruction sets whose kernel modules are part of the build. The host's architecture decides,
// unless FACEQ_ARCH names another one (a cross build).
#if arch(arm64)
  let hostArchitecture = "arm64"
#else
  let hostArchitecture = "x86_64"
#endif
let architecture = Context.environment["FACEQ_ARCH"] ?? hostArchitecture

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]
/// What is no kernel is compiled for size where it becomes a part of the board's one file, or of the library for C.
let isSmall = architecture == "arm64" || Context.environment["FACEQ_SMALL"] != nil
let small = strict + (isSmall ? [.unsafeFlags(["-Osize"])] : [])

/// One kernel module: the generic kernels of `SIMDKernels`, compiled with one instruction set's flags.
///
/// In Embedded Swift every module brings weak copies of the Swift runtime, of which the linker keeps any: the ARM flags
/// therefore add to ARMv8.0 just what the kernels ask for (armv8.2-a would put ARMv8.1's atomics into `swift_release`).
struct KernelModule {
  var folder: String
  var flags: [String]
  var dependencies: [Target.Dependency] = []
  var name: String { "Kernels" + folder }

  var target: Target {
    .target(
      name: name, dependencies: ["CSIMD", "SIMDKernels"] + dependencies, path: "Sources/SIMDKernels/ISA/" + folder,
      swiftSettings: strict + [.unsafeFlags(["-Ounchecked"] + flags)])
  }
}

let kernelModules: [KernelModule] =
  architecture == "arm64"
  ? [
    // As the compiler schedules for the A72, the tiles need no stack.
    KernelModule(folder: "NEON", flags: ["-Xcc", "-mcpu=cortex-a72+nocrypto+nocrc"]),
    KernelModule(
      folder: "DotProd", flags: ["-Xcc", "-mcpu=cortex-a72+nocrypto+nocrc+dotprod"], dependencies: ["KernelsNEON"]),
    // The tile fills all registers: only in the order of the source does it fit.
    KernelModule(
      folder: "I8MM", flags: ["-Xcc", "-march=armv8-a+dotprod+i8mm", "-Xllvm", "-enable-misched=false"],
      dependencies: ["KernelsNEON", "KernelsDotProd"]),
  ]
  : [
    KernelModule(folder: "AVX2", flags: ["-Xcc", "-march=x86-64-v3"]),
    KernelModule(folder: "AVXVNNI", flags: ["-Xcc", "-march=alderlake"], dependencies: ["KernelsAVX2"]),
    // LLVM's combiner makes two instructions of VPDPWSSD where it thinks that their latency matters.
    KernelModule(folder: "VNNI", flags: ["-Xcc", "-march=icelake-server", "-Xllvm", "-x86-machine-combiner=false"]),
  ]

/// Small programs that show how FaceqKit is used.
let examples = ["ComparePhotos", "IdentifyPeople", "CameraFrames"]

/// What scripts/docs builds pages with.
let documentation: [Package.Dependency] =
  Context.environment["FACEQ_DOCS"] == nil
  ? [] : [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0")]

let package = Package(
  name: "faceq",
  products: [
    .executable(name: "faceq", targets: ["faceq"]),
    .executable(name: "faceq-board", targets: ["faceq-board"]),
    .executable(name: "faceq-graph-check", targets: ["faceq-graph-check"]),
    .library(name: "FaceqKit", targets: ["FaceqKit"]),
    .library(name: "FaceqSupport", targets: ["FaceqSupport"]),
    .library(name: "QuantRuntime", targets: ["QuantRuntime"]),
    .library(name: "SIMDKernels", targets: ["SIMDKernels"]),
    .library(name: "FaceImages", targets: ["FaceImages"]),
    .library(name: "FuzzTargets", targets: ["FuzzTargets"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ] + documentation,
  targets: [
    .systemLibrary(name: "CSIMD", path: "Sources/SIMDKernels/CSIMD"),
    .systemLibrary(name: "CSystem"),
    .target(
      name: "SIMDKernels", dependencies: ["CSIMD"], path: "Sources/SIMDKernels/Core", exclude: ["README.md"],
      swiftSettings: strict + [.unsafeFlags(["-Ounchecked"])]),
    .target(name: "FaceqSupport", dependencies: ["CSystem"], swiftSettings: small),
    .target(
      name: "QuantRuntime",
      dependencies: ["CSIMD", "CSystem", "FaceqSupport", "SIMDKernels"] + kernelModules.map { .byName(name: $0.name) },
      swiftSettings: small),
    .target(
      name: "Checkpoint",
      dependencies: ["FaceqSupport", "QuantRuntime", "SHA256"],
      swiftSettings: strict),
    .systemLibrary(name: "CNettle"),
    .target(name: "SHA256", dependencies: ["CNettle"], swiftSettings: strict),
    .systemLibrary(name: "CImageCodecs"),
    .target(
      name: "FaceImages", dependencies: ["FaceqSupport", "QuantRuntime", "SIMDKernels", "CSystem", "CImageCodecs"],
      swiftSettings: strict),
    .target(
      name: "FaceDetection", dependencies: ["FaceImages", "FaceqSupport", "QuantRuntime", "SIMDKernels"],
      swiftSettings: small),
    .target(
      name: "Calibrate",
      dependencies: ["FaceqSupport", "QuantRuntime", "SIMDKernels", "CSystem", "SHA256"],
      swiftSettings: strict),
    .target(
      name: "FaceBank", dependencies: ["FaceqSupport", "QuantRuntime", "CSystem", "SIMDKernels"], swiftSettings: small),
    .systemLibrary(name: "CEvent"),
    .target(
      name: "ServicePage", resources: [.embedInCode("page.html"), .embedInCode("openapi.json")], swiftSettings: small),
    .target(name: "HTTPService", dependencies: ["CEvent", "CSystem", "FaceqSupport"], swiftSettings: small),
    .target(
      name: "FaceWatch",
      dependencies: [
        "FaceBank", "FaceDetection", "FaceImages", "FaceqSupport", "QuantRuntime", "CSystem", "SIMDKernels",
      ],
      swiftSettings: small),
    .systemLibrary(name: "CSQLite"),
    .target(
      name: "FaceBankDatabase",
      dependencies: ["FaceBank", "FaceqSupport", "QuantRuntime", "CSQLite", "CSystem", "SIMDKernels"],
      swiftSettings: strict),
    .target(
      name: "FaceqKit",
      dependencies: ["FaceBank", "FaceDetection", "FaceImages", "FaceqSupport", "QuantRuntime", "SIMDKernels"],
      swiftSettings: small),
    .systemLibrary(name: "CFaceq"),
    .target(name: "FaceqC", dependencies: ["CFaceq", "FaceqKit", "FaceqSupport"], swiftSettings: small),
    .target(
      name: "Commands",
      dependencies: [
        "FaceqSupport", "QuantRuntime", "FaceImages", "FaceDetection", "FaceBank", "FaceWatch", "HTTPService",
        "ServicePage", "CSystem", "SIMDKernels", "KernelChecks",
      ],
      path: "Sources/Commands/Board", swiftSettings: small),
    .target(
      name: "WorkstationCommands",
      dependencies: [
        "CSystem", "Commands", "FaceqSupport", "QuantRuntime", "Checkpoint", "Calibrate", "Report", "FaceBank",
        "FaceBankDatabase", "FaceDetection", "FaceImages", "SIMDKernels",
      ],
      path: "Sources/Commands/Workstation", swiftSettings: strict),
    .target(
      name: "Report", dependencies: ["FaceqSupport", "QuantRuntime", "SIMDKernels", "CSystem"], swiftSettings: strict),
    .executableTarget(
      name: "faceq",
      dependencies: [
        "FaceqSupport", "QuantRuntime", "Checkpoint", "FaceImages", "FaceBank", "FaceBankDatabase", "Calibrate",
        "Commands", "WorkstationCommands", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .target(
      name: "GraphReference", dependencies: ["FaceqSupport", "QuantRuntime", "SIMDKernels"], swiftSettings: small),
    .target(name: "KernelChecks", dependencies: ["CSystem", "SIMDKernels"], swiftSettings: small),
    .executableTarget(
      name: "faceq-board",
      dependencies: [
        "FaceqSupport", "QuantRuntime", "FaceImages", "FaceBank", "Commands", "SIMDKernels", "CSystem",
      ],
      swiftSettings: small),
    .executableTarget(
      name: "faceq-graph-check",
      dependencies: ["Commands", "FaceqSupport", "GraphReference", "QuantRuntime", "SIMDKernels"],
      path: "Tests/GraphCheck", swiftSettings: small),
    .executableTarget(
      name: "faceq-gallery-limit", dependencies: ["FaceBank", "FaceBankDatabase", "FaceqSupport", "QuantRuntime"],
      path: "Tests/GalleryLimit", swiftSettings: strict, linkerSettings: [.linkedLibrary("m")]),
    .target(
      name: "FuzzTargets",
      dependencies: [
        "CSystem", "Calibrate", "Checkpoint", "Commands", "FaceBank", "FaceBankDatabase", "FaceDetection", "FaceImages",
        "FaceWatch", "FaceqSupport", "GraphReference", "HTTPService", "QuantRuntime", "SIMDKernels",
      ],
      path: "Fuzz/Sources/FuzzTargets", swiftSettings: strict),
    .testTarget(name: "FuzzTests", dependencies: ["FaceqSupport", "FuzzTargets"], swiftSettings: strict),
    .testTarget(
      name: "KernelTests",
      dependencies: ["FaceqSupport", "QuantRuntime", "KernelChecks", "SIMDKernels", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "QuantRuntimeTests", dependencies: ["FaceqSupport", "QuantRuntime", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "GraphTests",
      dependencies: [
        "Calibrate", "Checkpoint", "FaceqSupport", "GraphReference", "QuantRuntime", "Report", "SIMDKernels",
        "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CheckpointTests",
      dependencies: ["Checkpoint", "FaceqSupport", "GraphReference", "QuantRuntime", "TestSupport"],
      exclude: ["Scripts"], swiftSettings: strict
    ),
    .testTarget(
      name: "FaceImagesTests",
      dependencies: ["Checkpoint", "FaceDetection", "FaceImages", "FaceqSupport", "QuantRuntime", "TestSupport"],
      exclude: ["Images"], swiftSettings: strict),
    .testTarget(
      name: "FaceDetectionTests",
      dependencies: [
        "Checkpoint", "FaceDetection", "FaceImages", "FaceqSupport", "QuantRuntime", "SIMDKernels", "TestSupport",
        "WorkstationCommands",
      ],
      exclude: ["Scripts"], swiftSettings: strict),
    .testTarget(
      name: "CalibrateTests",
      dependencies: ["AllocationCount", "Calibrate", "FaceqSupport", "QuantRuntime", "TestSupport"],
      swiftSettings: strict),
    .target(name: "AllocationCount", path: "Tests/AllocationCount"),
    .executableTarget(
      name: "EmbedPictures", dependencies: ["FaceqKit"], path: "Tests/EmbedPictures", swiftSettings: strict),
    .executableTarget(
      name: "EmbedOften", dependencies: ["FaceqKit"], path: "Tests/EmbedOften", swiftSettings: strict),
    .testTarget(
      name: "ReportTests", dependencies: ["FaceqSupport", "Report", "Calibrate", "QuantRuntime", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "FaceWatchTests",
      dependencies: [
        "CSystem", "FaceBank", "FaceImages", "FaceWatch", "FaceqSupport", "QuantRuntime", "SIMDKernels",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "FaceBankTests",
      dependencies: ["FaceBank", "FaceBankDatabase", "FaceqSupport", "QuantRuntime", "SIMDKernels", "TestSupport"],
      swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: ["Calibrate", "FaceImages", "FaceqSupport", "QuantRuntime"],
      path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "EngineTests", dependencies: ["Checkpoint", "FaceqSupport", "QuantRuntime", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "FaceqKitTests",
      dependencies: ["FaceBank", "FaceqKit", "QuantRuntime", "FaceqSupport", "faceq", "TestSupport"]
        + examples.map { .byName(name: $0) },
      swiftSettings: strict),
    .testTarget(
      name: "HTTPServiceTests", dependencies: ["FaceqSupport", "HTTPService"], swiftSettings: strict),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "FaceBank", "FaceImages", "FaceqSupport", "faceq", "Commands", "QuantRuntime", "SHA256", "SIMDKernels",
        "TestSupport",
      ],
      swiftSettings: strict),
  ] + kernelModules.map(\.target)
    + examples.map {
      .executableTarget(name: $0, dependencies: ["FaceqKit"], path: "Examples/" + $0, swiftSettings: strict)
    },
  swiftLanguageModes: [.v6]
)
