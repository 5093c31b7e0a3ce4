package import System

/// The calls of a capture device of V4L2 that a camera needs: one method an ioctl. A test has a device of its own.
package protocol VideoDevice: AnyObject {
  /// For messages.
  var path: String { get }

  /// VIDIOC_QUERYCAP: whether the device captures, and gives its pictures in mapped memory.
  func canCapture() throws(SystemError) -> Bool
  /// VIDIOC_S_FMT: asks for Motion JPEG of this size in pixels.
  /// - Returns: the format that the driver grants.
  func setFormat(width: Int, height: Int) throws(SystemError) -> VideoFormat
  /// VIDIOC_S_PARM: asks for this number of pictures a second.
  func setRate(_ perSecond: Int) throws(SystemError)
  /// VIDIOC_REQBUFS, VIDIOC_QUERYBUF and mmap.
  /// - Returns: the number of buffers that the driver grants, each of them mapped.
  func mapBuffers(_ count: Int) throws(SystemError) -> Int
  /// VIDIOC_QBUF: gives a buffer to the driver.
  func queue(_ index: Int) throws(SystemError)
  /// VIDIOC_STREAMON.
  func start() throws(SystemError)
  /// poll: whether a buffer is full within the time.
  func wait(atMost timeout: Duration) throws(SystemError) -> Bool
  /// VIDIOC_DQBUF: takes a full buffer.
  func dequeue() throws(SystemError) -> VideoBuffer
  /// A copy of the first bytes of a buffer that the driver does not have.
  func bytes(of index: Int, count: Int) -> [UInt8]
}

package struct VideoFormat: Equatable, Sendable {
  /// Pixels.
  package let width: Int
  package let height: Int
  package let isJPEG: Bool

  package init(width: Int, height: Int, isJPEG: Bool) {
    (self.width, self.height, self.isJPEG) = (width, height, isJPEG)
  }
}

/// A buffer that the driver has filled.
package struct VideoBuffer: Equatable, Sendable {
  package let index: Int
  /// Bytes.
  package let count: Int
  /// Whether the driver has found the picture damaged.
  package let isFaulty: Bool
  /// The instant of the picture; nil where the driver's clock is another one.
  package let instant: MonotonicTime?

  package init(index: Int, count: Int, isFaulty: Bool, instant: MonotonicTime?) {
    (self.index, self.count, self.isFaulty, self.instant) = (index, count, isFaulty, instant)
  }
}
