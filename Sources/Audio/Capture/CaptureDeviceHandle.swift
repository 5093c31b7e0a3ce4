/// A capture device that is open. Any of its calls may fail, and may hang; so it belongs to a `DeviceReader`.
package protocol CaptureDeviceHandle: AnyObject, Sendable {
  var name: String { get }
  var format: PCMFormat { get }
  /// The device that was really opened, for the log.
  var summary: String { get }

  /// Makes the device ready and sets it going, from rest as well as after an overrun.
  func start() throws(SourceError)
  /// Waits for frames to come in, at most for `timeout`.
  func await(atMost timeout: Duration) throws(SourceError) -> DeviceArrival
  /// Appends the interleaved frames that have come in to `block`, at full scale 2^31.
  func read(into block: inout [Int32]) throws(SourceError) -> DeviceArrival
  func close()
}

package enum DeviceArrival: Equatable, Sendable {
  /// That many frames can be read, or were read.
  case frames(Int)
  case nothing
  /// The wait has reached its timeout.
  case timeout
  /// The buffer ran over: frames are lost until `start`.
  case overrun
}
