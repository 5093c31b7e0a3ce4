import CVideo
import Glibc
package import System

/// A capture device of Video4Linux (V4L2).
package final class V4L2Device: VideoDevice {
  package let path: String
  private let descriptor: Int32
  private var buffers: [UnsafeRawBufferPointer] = []

  /// Opens the device. The call may wait for the driver.
  package init(_ path: String) throws(SystemError) {
    self.path = path
    descriptor = try SystemError.check("open", open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC), of: path)
  }

  deinit {
    for buffer in buffers { munmap(UnsafeMutableRawPointer(mutating: buffer.baseAddress), buffer.count) }
    close(descriptor)
  }

  package func canCapture() throws(SystemError) -> Bool {
    var capability = v4l2_capability()
    do {
      try SystemError.check("VIDIOC_QUERYCAP", video_capability(descriptor, &capability), of: path)
    } catch  where error.code == ENOTTY {
      return false
    }
    // A driver with several devices tells the capabilities of this one apart.
    let able =
      capability.capabilities & video_has_device_capabilities != 0
      ? capability.device_caps : capability.capabilities
    return able & video_can_capture != 0 && able & video_can_stream != 0
  }

  package func setFormat(width: Int, height: Int) throws(SystemError) -> VideoFormat {
    var (wide, high, form) = (UInt32(width), UInt32(height), video_mjpeg)
    try SystemError.check("VIDIOC_S_FMT", video_format(descriptor, &wide, &high, &form), of: path)
    return VideoFormat(width: Int(wide), height: Int(high), isJPEG: form == video_mjpeg || form == video_jpeg)
  }

  package func setRate(_ perSecond: Int) throws(SystemError) {
    try SystemError.check("VIDIOC_S_PARM", video_rate(descriptor, UInt32(perSecond)), of: path)
  }

  package func mapBuffers(_ count: Int) throws(SystemError) -> Int {
    var granted = UInt32(count)
    try SystemError.check("VIDIOC_REQBUFS", video_request(descriptor, &granted), of: path)
    for index in 0..<granted {
      var (offset, length): (UInt32, UInt32) = (0, 0)
      try SystemError.check("VIDIOC_QUERYBUF", video_place(descriptor, index, &offset, &length), of: path)
      let memory = mmap(nil, Int(length), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, Int(offset))
      guard let memory, memory != MAP_FAILED else { throw SystemError(call: "mmap", code: errno, subject: path) }
      buffers.append(UnsafeRawBufferPointer(start: memory, count: Int(length)))
    }
    return buffers.count
  }

  package func queue(_ index: Int) throws(SystemError) {
    try SystemError.check("VIDIOC_QBUF", video_queue(descriptor, UInt32(index)), of: path)
  }

  package func start() throws(SystemError) {
    try SystemError.check("VIDIOC_STREAMON", video_start(descriptor), of: path)
  }

  package func wait(atMost timeout: Duration) throws(SystemError) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let milliseconds = timeout.components.seconds * 1000 + timeout.components.attoseconds / 1_000_000_000_000_000
    let count = poll(&request, 1, Int32(milliseconds))
    if count < 0, errno == EINTR { return false }
    try SystemError.check("poll", count, of: path)
    if count > 0, request.revents & Int16(POLLIN) == 0 { throw SystemError(call: "poll", code: ENODEV, subject: path) }
    return count > 0
  }

  package func dequeue() throws(SystemError) -> VideoBuffer {
    var buffer = v4l2_buffer()
    try SystemError.check("VIDIOC_DQBUF", video_dequeue(descriptor, &buffer), of: path)
    let isMonotonic = buffer.flags & video_clock_mask == video_is_monotonic
    let nanoseconds = buffer.timestamp.tv_sec * 1_000_000_000 + buffer.timestamp.tv_usec * 1000
    return VideoBuffer(
      index: Int(buffer.index), count: Int(buffer.bytesused), isFaulty: buffer.flags & video_is_faulty != 0,
      instant: isMonotonic ? MonotonicTime(nanoseconds: nanoseconds) : nil)
  }

  package func bytes(of index: Int, count: Int) -> [UInt8] {
    guard buffers.indices.contains(index) else { return [] }
    return Array(buffers[index].prefix(count))
  }
}
