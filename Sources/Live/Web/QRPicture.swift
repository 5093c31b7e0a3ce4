import HTTP

/// `/NAME/qr.svg` and `/station/qr.svg`: the address of the page as a QR code. No token is in the address.
enum QRPicture {
  /// Bytes of an address: anybody may name a host, and a code costs more than its address is long. A camera reads no such
  /// dense code from a screen.
  private static let longest = 300

  /// - Parameter path: of the page, behind the address of the station; nil where there is no such page.
  /// - Returns: 404 where the address of the station is not known, or is too long.
  static func response(to request: Request, for path: String?) -> Response {
    switch request.method {
    case .put, .other: return .methodNotAllowed
    case .options: return .options
    case .get, .head: break
    }
    let address = PageAddress(request)
    guard let path, address != .unknown, address.base.utf8.count + path.utf8.count <= longest,
      let code = QRCode(address.base + path)
    else { return .notFound }
    return Response(
      status: 200,
      // The content depends on the host of the request, and a cache may ask for every host by one name.
      headers: [
        (name: "Content-Type", value: Logo.Format.svg.mediaType), (name: "Cache-Control", value: "no-store"),
        (name: "Content-Security-Policy", value: "default-src 'none'; sandbox"),
      ], body: [Bytes.Slice(Array(code.picture.utf8))])
  }
}
