// swift-tools-version: 6.2
import PackageDescription

// Benchmarks are a package of their own: they are not tests, and nobody who uses faceq builds them.
let package = Package(
  name: "faceq-benchmarks",
  dependencies: [.package(name: "faceq", path: "..")],
  targets: [
    .executableTarget(
      name: "kernel-benchmarks",
      dependencies: [
        .product(name: "FaceqSupport", package: "faceq"), .product(name: "QuantRuntime", package: "faceq"),
        .product(name: "SIMDKernels", package: "faceq"),
      ],
      // Without Foundation nothing else brings libm.
      linkerSettings: [.linkedLibrary("m")]),
    .executableTarget(name: "swift-calls", dependencies: [.product(name: "FaceqKit", package: "faceq")]),
  ],
  swiftLanguageModes: [.v6]
)
