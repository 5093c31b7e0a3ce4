package import Pictures
package import System

/// The fault for which a camera gives no pictures.
package enum CameraError: Error, Equatable, CustomStringConvertible {
  case call(SystemError)
  /// The device is no capture device.
  case noCamera(path: String)
  /// The device gives no Motion JPEG.
  case noJPEG(path: String)
  /// The device gives pictures of a size that no still may have, in pixels.
  case size(path: String, width: Int, height: Int)
  /// Pictures come, and none for `Camera.patience` was a whole still; with the rule that the last one breaks, where the driver
  /// has not called it damaged.
  case refused(path: String, JPEGFault?)
  /// No picture has come for `Camera.patience`.
  case silent(path: String)

  package var description: String {
    switch self {
    case .call(let error): "\(error)"
    case .noCamera(let path): "\(path): it is no camera"
    case .noJPEG(let path): "\(path): it gives no Motion JPEG"
    case .size(let path, let width, let height): "\(path): \(Self.size(width, height))"
    case .refused(let path, let fault):
      "\(path): it has given no picture of use for \(Camera.patience.components.seconds) s: \(Self.text(fault))"
    case .silent(let path): "\(path): it has given no picture for \(Camera.patience.components.seconds) s"
    }
  }

  private static func text(_ fault: JPEGFault?) -> String {
    switch fault {
    case nil: "the pictures are damaged or wrongly dated"
    case .malformed: "the pictures are no whole JPEG of 8 bits, baseline or progressive"
    case .tooLong: "the pictures are longer than \(JPEGStill.longest >> 10) KiB"
    case .size(let width, let height): size(width, height)
    }
  }

  private static func size(_ width: Int, _ height: Int) -> String {
    let sides = JPEGStill.sides
    return "its pictures have \(width) × \(height) pixels; a side has \(sides.lowerBound) to \(sides.upperBound)"
  }
}
