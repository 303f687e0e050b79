// swift-tools-version: 6.2
import PackageDescription

// The arrows run one way: weft -> Verify -> Emit -> Mapper, Generators -> Model, Machine, HDL -> StrictJSON, and
// Verify -> Reference -> Model, Machine.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "weft",
  products: [
    .executable(name: "weft", targets: ["weft"]),
    .library(name: "HDL", targets: ["HDL"]),
  ],
  traits: [
    .default(enabledTraits: ["CommandLine"]),
    .trait(name: "CommandLine", description: "The tool `weft`. Without it nothing but the standard library is needed: .package(…, traits: [])"),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
  ],
  targets: [
    .target(name: "HDL", swiftSettings: strict),
    .target(name: "StrictJSON", swiftSettings: strict),
    .target(
      name: "Model",
      dependencies: ["StrictJSON", .product(name: "SwiftProtobuf", package: "swift-protobuf", condition: .when(traits: ["CommandLine"]))],
      exclude: ["ONNX/Schema/onnx.proto"], swiftSettings: strict),
    .target(name: "Machine", dependencies: ["HDL", "StrictJSON"], swiftSettings: strict),
    .target(name: "Reference", dependencies: ["Machine", "Model"], swiftSettings: strict),
    .target(name: "Generators", dependencies: ["HDL", "Machine"], swiftSettings: strict),
    .target(name: "Mapper", dependencies: ["Model", "Machine"], swiftSettings: strict),
    // testbenches is a link to the folder of that name.
    .target(
      name: "Emit", dependencies: ["HDL", "StrictJSON", "Model", "Machine", "Generators", "Mapper"],
      resources: [.embedInCode("testbenches"), .embedInCode("driver")], swiftSettings: strict),
    .target(name: "Verify", dependencies: ["Emit", "Reference", "Mapper", "Model", "Machine", "Generators", "HDL"], swiftSettings: strict),
    .executableTarget(
      name: "weft",
      dependencies: [
        "Verify", "Emit", "Mapper", "Model", "Machine", "Generators", "HDL",
        .product(name: "ArgumentParser", package: "swift-argument-parser", condition: .when(traits: ["CommandLine"])),
      ], swiftSettings: strict),
    .executableTarget(
      name: "HDLBenchmark", dependencies: ["HDL"], path: "Benchmarks/hdl",
      exclude: ["run", "bench.v", "operands.py", "amaranth_array.py", "pyrtl_array.py"], swiftSettings: strict),
    .target(name: "HDLExamples", dependencies: ["HDL"], path: "Examples/HDL", swiftSettings: strict),
    // What several test targets share.
    .target(name: "TestTools", path: "Tests/TestTools", swiftSettings: strict),
    .target(name: "TestNetworks", dependencies: ["Model"], path: "Tests/TestNetworks", swiftSettings: strict),
    .testTarget(name: "ProjectTests", dependencies: ["TestTools"], swiftSettings: strict),
    .testTarget(name: "HDLExamplesTests", dependencies: ["HDLExamples", "HDL", "TestTools"], swiftSettings: strict),
    .testTarget(name: "HDLTests", dependencies: ["HDL", "TestTools"], swiftSettings: strict),
    .testTarget(name: "StrictJSONTests", dependencies: ["StrictJSON"], swiftSettings: strict),
    .testTarget(name: "ModelTests", dependencies: ["Model"], exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(name: "ReferenceTests", dependencies: ["Reference", "Machine"], swiftSettings: strict),
    .testTarget(name: "MachineTests", dependencies: ["Machine", "TestTools"], swiftSettings: strict),
    .testTarget(
      name: "GeneratorsTests", dependencies: ["Generators", "HDL", "Machine", "Model", "TestTools"], exclude: ["Snapshots"], swiftSettings: strict),
    .testTarget(name: "MapperTests", dependencies: ["Mapper", "Verify", "Reference", "Model", "Machine", "TestTools"], swiftSettings: strict),
    .testTarget(
      name: "EmitTests", dependencies: ["Emit", "Generators", "Mapper", "Model", "Machine", "TestNetworks", "TestTools"],
      exclude: ["Snapshots"], swiftSettings: strict),
    .testTarget(name: "VerifyTests", dependencies: ["Verify", "Emit", "Reference", "Mapper", "Model", "Machine", "TestNetworks", "TestTools"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
