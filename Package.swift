// swift-tools-version: 6.2
import PackageDescription

// A leaked dependency shows in a file's first lines, and no warning survives.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
  .treatAllWarnings(as: .error),
]
// The compiler proves the pure targets pure: an unsafe operation there is a build error.
let pure = strict + [.strictMemorySafety()]
// Everything in a loop belongs to one thread. A request takes a twelfth longer with checks for overlapping access at run
// time. The debug build, in which the unit tests run, has these checks (docs/decisions/http/fast-release-builds.md).
let loops = strict + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]
// Without optimization, the simulated day of the unit tests would take minutes, and a debug build would be late in each
// tick.
let sound = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "ringcast",
  products: [
    .executable(name: "ringcast", targets: ["ringcast"]),
    .executable(name: "ringcast-bench", targets: ["ringcast-bench"]),
  ],
  targets: [
    .systemLibrary(name: "CALSA", pkgConfig: "alsa", providers: [.apt(["libasound2-dev"])]),
    .systemLibrary(name: "CLAME", pkgConfig: "lame", providers: [.apt(["libmp3lame-dev"])]),
    .systemLibrary(name: "CMPG123", pkgConfig: "libmpg123", providers: [.apt(["libmpg123-dev"])]),
    .systemLibrary(name: "CVorbis", pkgConfig: "vorbis", providers: [.apt(["libvorbis-dev"])]),
    .systemLibrary(name: "CFLAC", pkgConfig: "flac", providers: [.apt(["libflac-dev"])]),
    .systemLibrary(name: "CGnuTLS", pkgConfig: "gnutls", providers: [.apt(["libgnutls28-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-gnutls-dev"])]),
    .systemLibrary(name: "COpus", pkgConfig: "opus", providers: [.apt(["libopus-dev"])]),
    .systemLibrary(name: "CNGHTTP2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
    .systemLibrary(name: "CSndFile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
    .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
    .systemLibrary(name: "CQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
    .systemLibrary(name: "CEpoll"),
    .systemLibrary(name: "CProcess"),
    .systemLibrary(name: "CReadNow"),
    .systemLibrary(name: "CVideo"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    .target(name: "CChild"),
    .target(name: "Core", swiftSettings: pure),
    .target(name: "Codec", swiftSettings: pure),
    .target(name: "System", dependencies: ["Core"], swiftSettings: strict),
    .target(name: "Logging", dependencies: ["Core", "System"], swiftSettings: strict),
    .target(name: "HLS", dependencies: ["Codec", "Core"], swiftSettings: pure),
    .target(name: "Recordings", dependencies: ["Core"], swiftSettings: pure),
    .target(name: "Rooms", dependencies: ["Core"], swiftSettings: pure),
    .target(name: "Pictures", swiftSettings: pure),
    .target(name: "Camera", dependencies: ["CVideo", "Pictures", "System"], swiftSettings: strict),
    .target(name: "Uploads", dependencies: ["Core"], swiftSettings: pure),
    .target(name: "Voice", dependencies: ["COpus", "Core", "System"], swiftSettings: sound),
    .target(
      name: "Audio",
      dependencies: ["CALSA", "CFLAC", "CLAME", "CMPG123", "COpus", "CSndFile", "CVorbis", "Codec", "Core", "System"],
      swiftSettings: strict),
    .target(
      name: "HTTP", dependencies: ["CEpoll", "CGnuTLS", "CNGHTTP2", "CReadNow", "CZlib", "Core", "System"],
      swiftSettings: loops),
    .target(
      name: "Live",
      dependencies: [
        "Audio", "CChild", "CCurl", "CGnuTLS", "CQREncode", "Camera", "Codec", "Core", "HLS", "HTTP", "Logging",
        "Pictures", "Recordings", "Rooms", "System", "Uploads", "Voice",
      ],
      swiftSettings: strict),
    .target(
      name: "CommandLineInterface", dependencies: ["Audio", "Core", "Live", "Logging", "Recordings", "Uploads"],
      swiftSettings: strict),
    .executableTarget(
      name: "ringcast", dependencies: ["CProcess", "CSystemd", "CommandLineInterface", "Live", "Logging", "System"],
      swiftSettings: strict),
    .executableTarget(
      name: "ringcast-bench",
      dependencies: ["CEpoll", "CGnuTLS", "CNGHTTP2", "COpus", "Codec", "Core", "HLS", "System", "Voice"],
      swiftSettings: strict),

    .testTarget(name: "CoreTests", dependencies: ["Core"], swiftSettings: strict),
    .testTarget(name: "CodecTests", dependencies: ["Codec"], swiftSettings: strict),
    .testTarget(name: "SystemTests", dependencies: ["Core", "System"], swiftSettings: strict),
    .testTarget(name: "LoggingTests", dependencies: ["Core", "Logging", "System"], swiftSettings: strict),
    .testTarget(name: "HLSTests", dependencies: ["Codec", "Core", "HLS"], swiftSettings: strict),
    .testTarget(name: "RecordingsTests", dependencies: ["Core", "Recordings"], swiftSettings: strict),
    .testTarget(name: "PicturesTests", dependencies: ["Pictures"], swiftSettings: strict),
    .testTarget(name: "CameraTests", dependencies: ["Camera", "Pictures", "System"], swiftSettings: strict),
    .testTarget(name: "RoomsTests", dependencies: ["Core", "Rooms", "System"], swiftSettings: strict),
    .testTarget(name: "UploadsTests", dependencies: ["Core", "Uploads"], swiftSettings: strict),
    .target(name: "CAllocations", path: "Tests/CAllocations"),
    .testTarget(
      name: "VoiceTests", dependencies: ["CAllocations", "Core", "System", "Voice"], swiftSettings: sound),
    .testTarget(
      name: "AudioTests", dependencies: ["Audio", "CSndFile", "Codec", "Core", "System"],
      exclude: ["Decoding/Fixtures"], swiftSettings: strict),
    .testTarget(name: "HTTPTests", dependencies: ["CGnuTLS", "CNGHTTP2", "HTTP", "System"], swiftSettings: strict),
    .testTarget(
      name: "LiveTests",
      dependencies: [
        "Audio", "Camera", "Codec", "Core", "HLS", "HTTP", "Live", "Logging", "Pictures", "Recordings", "Rooms",
        "System", "Uploads", "Voice",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CommandLineInterfaceTests",
      dependencies: ["Audio", "CommandLineInterface", "Live", "Logging", "Rooms", "System", "Uploads"],
      swiftSettings: strict),
    .testTarget(
      name: "RingcastBenchTests", dependencies: ["CNGHTTP2", "System", "ringcast-bench"], swiftSettings: strict),
  ]
)

// libFuzzer brings the main of this one, so that it is there only where scripts/fuzz builds it.
if Context.environment["RINGCAST_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "ringcast-fuzz",
      dependencies: [
        "Audio", "Codec", "Core", "CommandLineInterface", "HLS", "HTTP", "Live", "Pictures", "Recordings", "Rooms",
        "System", "Uploads", "Voice",
      ],
      swiftSettings: strict))
}

// The server of Tests/e2e/http/test_websocket.py.
if Context.environment["RINGCAST_ECHO"] != nil {
  package.targets.append(
    .executableTarget(name: "ringcast-echo", dependencies: ["HTTP", "System"], swiftSettings: strict))
}
