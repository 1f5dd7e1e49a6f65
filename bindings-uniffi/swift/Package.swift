// swift-tools-version:6.0
import PackageDescription

// The native library. On Apple platforms it is an XCFramework; elsewhere pkg-config says where the
// archive is that Cargo builds: see pkgconfig/partner_center.pc.
#if os(macOS)
let native = Target.binaryTarget(name: "PartnerCenterFFI", path: "PartnerCenterFFI.xcframework")
#else
let native = Target.systemLibrary(name: "PartnerCenterFFI", pkgConfig: "partner_center")
#endif

let package = Package(
    name: "PartnerCenter",
    platforms: [.macOS(.v12), .iOS(.v15)],
    products: [.library(name: "PartnerCenter", targets: ["PartnerCenter"])],
    targets: [
        native,
        .target(
            name: "PartnerCenter", dependencies: ["PartnerCenterFFI"],
            // What the native library calls: a static one does not say it by itself.
            linkerSettings: [
                .linkedFramework("SystemConfiguration", .when(platforms: [.macOS])),
                .linkedFramework("Security", .when(platforms: [.macOS, .iOS])),
            ]),
        .testTarget(name: "PartnerCenterTests", dependencies: ["PartnerCenter"]),
    ],
    swiftLanguageModes: [.v6]
)
