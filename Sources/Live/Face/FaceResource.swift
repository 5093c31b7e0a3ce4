import Core
import HTTP

/// The resources that show a station or a stream: below `/station/` those of the station, and below `/NAME/` those of a
/// stream.
enum FaceResource: String, CaseIterable {
  case logo
  /// A style sheet with the accent.
  case accent = "accent.css"
  case manifest = "manifest.webmanifest"
  /// A QR code with the address of the page.
  case qrCode = "qr.svg"
}

/// The answers for the logo and the accent of a face. The names, the logo and the accent of a stream with tokens are as
/// visible as its page: a listener without a token sees of which stream the page asks for a token.
struct FaceAnswers: Sendable {
  let logo: Representation?
  let accent: Representation?

  /// - Parameter now: Unix time in seconds.
  init(_ face: Face, at now: Int) {
    // A program that replaces the file and a reload show the new logo soon, also behind a cache.
    func answer(_ bytes: [UInt8], _ type: String, _ policy: String, _ features: Representation.Features)
      -> Representation
    {
      Representation(
        bytes, contentType: type, cacheControl: Audience(caches: .all, crossOrigin: []).anew(sharedFor: 10),
        validators: .init(lastModified: now), features: features,
        headers: [
          (name: "Content-Security-Policy", value: policy)
        ])
    }
    logo = face.logo.map { logo in
      // A browser that opens the picture itself runs no script of the picture, and loads nothing for it.
      answer(
        logo.bytes, logo.format.mediaType, "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        logo.format == .svg ? .compressed : [])
    }
    accent = face.accent.map { answer(Array($0.styleSheet.utf8), "text/css; charset=utf-8", "default-src 'none'", []) }
  }
}
