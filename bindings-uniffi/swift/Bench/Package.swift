// swift-tools-version:6.0
import PackageDescription

// A package of its own, which uses the other one as everybody does.
let package = Package(
    name: "Bench",
    platforms: [.macOS(.v12)],
    dependencies: [.package(path: "..")],
    targets: [
        .executableTarget(
            name: "Bench", dependencies: [.product(name: "PartnerCenter", package: "swift")])
    ]
)
