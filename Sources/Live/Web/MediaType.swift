/// The media type of a file of the page's, by its name's ending.
struct MediaType: Equatable {
  let name: String
  let isText: Bool

  init(fileName: String) {
    let ending =
      fileName.utf8.split(separator: UInt8(ascii: ".")).dropFirst().last.map { Substring($0).lowercased() } ?? ""
    (name, isText) =
      switch ending {
      case "html": ("text/html; charset=utf-8", true)
      case "css": ("text/css; charset=utf-8", true)
      case "js", "mjs": ("text/javascript; charset=utf-8", true)
      case "json": ("application/json", true)
      case "webmanifest": ("application/manifest+json", true)
      case "svg": ("image/svg+xml", true)
      case "txt", "md": ("text/plain; charset=utf-8", true)
      case "png": ("image/png", false)
      case "jpg", "jpeg": ("image/jpeg", false)
      case "ico": ("image/x-icon", false)
      case "woff2": ("font/woff2", false)
      default: ("application/octet-stream", false)
      }
  }
}
